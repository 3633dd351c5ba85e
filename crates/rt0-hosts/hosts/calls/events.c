/*
 * The library's events, told to the host. Linked with herald, which says them. Each line that is printed is a failure.
 * With RT0_START=lazy the boot begins with the first call.
 */
#include "../check.h"
#include "../host.h"
#include "herald.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

typedef void Told(void *, int32_t, const char *, const char *, const char *);
int32_t herald_wanted(void);
void herald_say_outside(int32_t);
int32_t herald_forks_in_a_text(void);
int32_t herald_end(void);

static void await(_Atomic int *what, int value)
{
    while (*what < value)
        usleep(500);
}

/* What was told, as LEVEL TARGET SPANS|TEXT. */
struct log {
    char lines[4096][160];
    _Atomic int len;
    pthread_t by;
};

static struct log one, two;

static void note(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    struct log *log = user;
    if (log->len == 4096)
        die("too many");
    snprintf(log->lines[log->len], sizeof log->lines[0], "%d %s %s|%s", level, target, spans, text);
    log->by = pthread_self();
    log->len++;
}

/* One event after the other, and a line for each that is another. */
static void are(const struct log *log, int from, const char *const *wanted)
{
    int at = from;
    for (; *wanted != NULL; wanted++, at++)
        if (at >= log->len || strcmp(log->lines[at], *wanted) != 0)
            printf("event %d: %s, not %s\n", at, at < log->len ? log->lines[at] : "none", *wanted);
    for (; at < log->len; at++)
        printf("event %d: %s, not none\n", at, log->lines[at]);
}

static int begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

static void off(void)
{
    IS(herald_events(0, NULL, NULL) == HERALD_OK);
}

/* Waits until this many are told, for who does not test that something else waits. */
static void off_after(struct log *log, int number)
{
    await(&log->len, number);
    off();
}

/* Waits until there is no thread for events: it ends a little after nobody needs it. */
static void await_no_thread(void)
{
    while (count_names("herald-events") != 0)
        usleep(500);
}

static void told(void)
{
    IS(herald_wanted() == 0);
    off();
    IS(herald_events(5, note, &one) == HERALD_OK);
    IS(herald_wanted() == 5);
    IS(herald_state() == HERALD_STATE_COLD);
    IS(herald_every_level(NULL) == HERALD_OK);
    IS(herald_say_later(3, NULL) == HERALD_OK);
    off_after(&one, 7);
    are(&one, 0,
        (const char *const[]){ "3 herald starting|init generation=1",
                               "1 herald outer:inner|an error code=7 type=\"wrong\"",
                               "2 elsewhere outer:inner|a warning", "3 herald outer:inner|news name=\"x\"",
                               "4 herald outer:inner|list=[1, 2]", "5 herald |a trace\xef\xbf\xbd with a zero",
                               "3 herald asks:says|3", NULL });
    IS(!pthread_equal(one.by, pthread_self()));
}

static void levels(void)
{
    for (int level = 1; level <= 5; level++) {
        IS(herald_events(level, note, &one) == HERALD_OK);
        IS(herald_wanted() == level);
        one.len = 0;
        IS(herald_every_level(NULL) == HERALD_OK);
        off_after(&one, level);
        IS(one.len == level);
    }
    IS(herald_events(-1, note, &one) == HERALD_INVALID_ARGUMENT);
    IS(herald_events(6, note, &one) == HERALD_INVALID_ARGUMENT);
    IS(strstr(herald_last_error(), "herald_events: level is not valid") != NULL);
    IS(herald_wanted() == 0);
}

static void off_is_off(void)
{
    IS(herald_say(0, 5, NULL) == HERALD_OK);
    IS(count_names("herald-events") == 0);
    IS(herald_events(5, note, &one) == HERALD_OK);
    IS(herald_say(5, 7, NULL) == HERALD_OK);
    await(&one.len, 2);
    IS(herald_events(5, NULL, &one) == HERALD_OK);
    await_no_thread();
    IS(herald_wanted() == 0);
    IS(herald_say(7, 9, NULL) == HERALD_OK);
    IS(count_names("herald-events") == 0);
    are(&one, 0, (const char *const[]){ "3 herald |5", "3 herald |6", NULL });
}

/* The first call of this stays until somebody waits for it, and then for another 300 ms. */
static _Atomic int is_called, may_return, is_waited_for;

static void slow(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    if (is_called++ == 0) {
        await(&is_waited_for, 1);
        usleep(300000);
    }
    note(user, level, target, text, spans);
}

static void shutdown_waits(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, slow, &one) == HERALD_OK);
    IS(herald_say(1, 4, NULL) == HERALD_OK);
    await(&is_called, 1);
    is_waited_for = 1;
    IS(herald_shutdown(-1) == HERALD_OK);
    are(&one, 0,
        (const char *const[]){ "3 herald |1", "3 herald |2", "3 herald |3", "3 herald |exit", "3 herald |dropped",
                               NULL });
    await_no_thread();
}

static void another_waits(Told *told, struct log *log)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, slow, &one) == HERALD_OK);
    IS(herald_say(1, 4, NULL) == HERALD_OK);
    await(&is_called, 1);
    is_waited_for = 1;
    IS(herald_events(3, told, log) == HERALD_OK);
    are(&one, 0, (const char *const[]){ "3 herald |1", "3 herald |2", "3 herald |3", NULL });
    IS(herald_say(4, 6, NULL) == HERALD_OK);
    if (log != NULL)
        await(&log->len, 2);
    off();
    IS(one.len == 3);
}

static void replaced(void)
{
    another_waits(note, &two);
    are(&two, 0, (const char *const[]){ "3 herald |4", "3 herald |5", NULL });
}

static void ended(void)
{
    another_waits(NULL, NULL);
}

/* Between two generations nothing is told, and the registration stays. */
static void rebooted(void)
{
    IS(herald_events(3, note, &one) == HERALD_OK);
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_shutdown(-1) == HERALD_OK);
    await(&one.len, 4);
    await_no_thread();
    herald_say_outside(1);
    IS(herald_say(1, 2, NULL) == HERALD_OK);
    IS(herald_shutdown(-1) == HERALD_OK);
    await(&one.len, 8);
    are(&one, 0,
        (const char *const[]){ "3 herald starting|init generation=1", "3 herald |0", "3 herald |exit",
                               "3 herald |dropped", "3 herald starting|init generation=2", "3 herald |1",
                               "3 herald |exit", "3 herald |dropped", NULL });
}

static void stays(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    (void)user, (void)level, (void)target, (void)text, (void)spans;
    is_called++;
    await(&may_return, 1);
}

static void stuck(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, stays, NULL) == HERALD_OK);
    IS(herald_say(0, 9, NULL) == HERALD_OK);
    await(&is_called, 1);
    IS(herald_shutdown(3000) == HERALD_ENDED_BADLY);
    IS(strstr(herald_last_error(), "the host's callback for events has not returned") != NULL);
    may_return = 1;
    off();
    /* What had waited behind it was not told. */
    IS(is_called == 1);
}

/* Calls the library, which says an event. */
static void chatty(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    note(user, level, target, text, spans);
    IS(herald_say(100, 101, NULL) == HERALD_OK);
}

static void chat(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, chatty, &one) == HERALD_OK);
    IS(herald_say(0, 3, NULL) == HERALD_OK);
    off_after(&one, 3);
    are(&one, 0, (const char *const[]){ "3 herald |0", "3 herald |1", "3 herald |2", NULL });
}

static void registers(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    IS(herald_events(0, NULL, NULL) == HERALD_WOULD_DEADLOCK);
    IS(strstr(herald_last_error(), "inside the callback for events") != NULL);
    IS(herald_events(3, note, &two) == HERALD_WOULD_DEADLOCK);
    IS(herald_shutdown(-1) == HERALD_WOULD_DEADLOCK);
    note(user, level, target, text, spans);
}

static void inside(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, registers, &one) == HERALD_OK);
    IS(herald_say(0, 2, NULL) == HERALD_OK);
    off_after(&one, 2);
    are(&one, 0, (const char *const[]){ "3 herald |0", "3 herald |1", NULL });
    IS(two.len == 0);
}

static void dropped(void)
{
    enum { ALL = 5000 };
    int numbers = 0, number, lost = 0;
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, slow, &one) == HERALD_OK);
    IS(herald_say(0, ALL, NULL) == HERALD_OK);
    is_waited_for = 1;
    /* A first event that fits again. */
    await(&one.len, 2);
    IS(herald_say(ALL, ALL + 1, NULL) == HERALD_OK);
    while (strcmp(one.lines[one.len - 1], "3 herald |5000") != 0)
        usleep(500);
    off();
    for (int at = 0; at < one.len; at++) {
        if (begins(one.lines[at], "2 rt0 |"))
            lost += atoi(one.lines[at] + 7);
        else if (sscanf(one.lines[at], "3 herald |%d", &number) == 1) {
            IS(number == numbers + lost);
            numbers++;
        }
    }
    IS(numbers + lost == ALL + 1 && lost > 0 && numbers > 1000);
}

static void panics(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, note, &one) == HERALD_OK);
    IS(herald_panics(NULL) == HERALD_PANICKED);
    IS(strstr(herald_last_error(), "on purpose") != NULL);
    off_after(&one, 4);
    IS(one.len == 4);
    IS(begins(one.lines[0], "3 herald |before") && strstr(one.lines[0], "(its text panicked at ") != NULL);
    IS(strcmp(one.lines[1], "3 herald |the one inside") == 0);
    IS(strcmp(one.lines[2], "3 herald |the one outside") == 0);
    IS(begins(one.lines[3], "2 herald |unwinding") && strstr(one.lines[3], "no text)") != NULL);
}

static void *flood(void *unused)
{
    while (!may_return)
        herald_say_outside(0);
    return unused;
}

static void awaits(pid_t child)
{
    int status = -1;
    IS(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

/* In a child. */
static void is_not_told_until_it_registers(void)
{
    int before = one.len;
    IS(herald_say(1, 2, NULL) == HERALD_OK);
    IS(herald_events(0, NULL, NULL) == HERALD_OK);
    IS(one.len == before);
    IS(herald_events(3, note, &two) == HERALD_OK);
    IS(herald_say(2, 3, NULL) == HERALD_OK);
    IS(herald_shutdown(-1) == HERALD_OK);
    await(&two.len, 3);
    are(&two, 0, (const char *const[]){ "3 herald |2", "3 herald |exit", "3 herald |dropped", NULL });
    fflush(stdout);
    _exit(0);
}

static void ignores(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    (void)user, (void)level, (void)target, (void)text, (void)spans;
}

static void forked(void)
{
    pthread_t floods[2];
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, ignores, NULL) == HERALD_OK);
    for (int i = 0; i < 2; i++)
        pthread_create(&floods[i], NULL, flood, NULL);
    fflush(stdout);
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0)
            is_not_told_until_it_registers();
        awaits(child);
    }
    may_return = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(floods[i], NULL);
    off();
}

static _Atomic pid_t child_of_callback;

static void forks(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    pid_t child = fork();
    note(user, level, target, text, spans);
    if (child == 0)
        is_not_told_until_it_registers();
    child_of_callback = child;
}

static void forked_inside(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, forks, &one) == HERALD_OK);
    fflush(stdout);
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    off_after(&one, 1);
    while (child_of_callback == 0)
        usleep(500);
    awaits(child_of_callback);
    IS(one.len == 1);
}

static void forked_in_a_text(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, note, &one) == HERALD_OK);
    fflush(stdout);
    pid_t child = herald_forks_in_a_text();
    if (child == 0)
        is_not_told_until_it_registers();
    awaits(child);
    off_after(&one, 1);
    are(&one, 0, (const char *const[]){ "3 herald |forked", NULL });
}

static int exits;

static void until_the_exit(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, slow, &one) == HERALD_OK);
    IS(herald_say(1, 2, NULL) == HERALD_OK);
    await(&is_called, 1);
    exits = is_waited_for = 1;
}

/* Runs after the library's handler for the exit. */
__attribute__((destructor)) static void last(void)
{
    if (!exits)
        return;
    herald_say_outside(1);
    off();
    are(&one, 0, (const char *const[]){ "3 herald |1", "3 herald |exit", "3 herald |dropped", NULL });
    fflush(stdout);
}

static void until_an_end(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, slow, &one) == HERALD_OK);
    IS(herald_say(1, 2, NULL) == HERALD_OK);
    await(&is_called, 1);
    exits = is_waited_for = 1;
    IS(herald_end() == HERALD_OK);
    are(&one, 0, (const char *const[]){ "3 herald |1", "3 herald |exit", "3 herald |dropped", NULL });
}

static void exits_here(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    (void)user, (void)level, (void)target, (void)text, (void)spans;
    exit(6);
}

static void exit_inside(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, exits_here, NULL) == HERALD_OK);
    IS(herald_say(0, 9, NULL) == HERALD_OK);
    for (;;)
        pause();
}

static _Atomic int is_registered, many, wrong;

static void only_while_registered(void *user, int32_t level, const char *target, const char *text,
                                  const char *spans)
{
    (void)level, (void)target, (void)text, (void)spans;
    wrong += is_registered != 1 || user != &many;
    many++;
}

/* Threads that say events all the time, while the host registers, ends that, shuts down and boots again. */
static void storm(void)
{
    enum { THREADS = 6, ROUNDS = 400 };
    pthread_t floods[THREADS];
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&floods[i], NULL, flood, NULL);
    for (int round = 0; round < ROUNDS && wrong == 0; round++) {
        is_registered = 1;
        IS(herald_events(1 + round % 5, only_while_registered, &many) == HERALD_OK);
        IS(herald_say(0, 3, NULL) == HERALD_OK);
        int ends = round % 4 == 3;
        if (!ends) {
            off();
        } else if (herald_shutdown(20000) != HERALD_OK) {
            printf("round %d: %s\n", round, herald_last_error());
            break;
        }
        is_registered = 0;
        if (ends) {
            usleep(1000);
            off();
            IS(herald_say(0, 1, NULL) == HERALD_OK);
        }
    }
    may_return = 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(floods[i], NULL);
    off();
    await_no_thread();
    IS(many > 0 && wrong == 0);
}

static void another_subscriber(void)
{
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    IS(herald_events(3, note, &one) == 1);
    IS(strstr(herald_last_error(), "rt0::events_layer()") != NULL);
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    off();
    IS(one.len == 0);
}

static void quiet(void)
{
    IS(herald_events(3, note, &one) == HERALD_NO_THREAD);
    IS(strstr(herald_last_error(), "RT0_START=lazy") != NULL);
    IS(herald_say(0, 1, NULL) == HERALD_OK);
    off();
    IS(one.len == 0);
}

static const struct {
    const char *name;
    void (*run)(void);
} ALL[] = {
    { "told", told },
    { "levels", levels },
    { "off", off_is_off },
    { "shutdown", shutdown_waits },
    { "replaced", replaced },
    { "ended", ended },
    { "rebooted", rebooted },
    { "stuck", stuck },
    { "chat", chat },
    { "inside", inside },
    { "dropped", dropped },
    { "panics", panics },
    { "forked", forked },
    { "forked-inside", forked_inside },
    { "forked-in-a-text", forked_in_a_text },
    { "exit", until_the_exit },
    { "end", until_an_end },
    { "exit-inside", exit_inside },
    { "storm", storm },
    { "another-subscriber", another_subscriber },
    { "quiet", quiet },
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (argc > 1 && strcmp(argv[1], ALL[i].name) == 0) {
            ALL[i].run();
            return 0;
        }
    die("what?");
}
