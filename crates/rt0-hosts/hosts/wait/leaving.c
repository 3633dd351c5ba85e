/*
 * A host whose threads are cancelled while they call: `leaving LIB WHAT`. WHAT is a function's name below; LIB is
 * the library `probe`, or `hush` for calls that drive its runtime themselves. Each line that is printed is a failure.
 *
 * A thread cancels itself and then calls: the first cancellation point on the way would end it there.
 */
#include "../check.h"
#include "../look_up.h"
#include "probe.h"
#include <pthread.h>
#include <stdatomic.h>

struct call {
    int (*work)(void);
    atomic_int answer;
};

static void *with_cancel_pending(void *data)
{
    struct call *call = data;
    pthread_cancel(pthread_self());
    call->answer = call->work();
    pthread_testcancel();
    return NULL;
}

/* Its result on a cancelled thread, which must end as cancelled after the call. */
static int on_a_cancelled_thread(int (*work)(void))
{
    struct call call = {work, -1000};
    pthread_t thread;
    void *end = NULL;
    if (pthread_create(&thread, NULL, with_cancel_pending, &call) != 0)
        die("no thread");
    pthread_join(thread, &end);
    IS(end == PTHREAD_CANCELED);
    return call.answer;
}

/* The workers are asleep: to wake one, a write is needed. */
static void idle(void) { usleep(20000); }

static int spin(void) { return LIB(probe_spin)(1, NULL); }
static int task(void) { return LIB(probe_task)(); }
static int task_by_hand(void) { return INT(probe_task_by_hand)(); }
static int nap(void) { return LIB(probe_nap)(5); }
static int light_nap(void) { return LIB(probe_light_nap)(5); }
static int panics(void) { return LIB(probe_panics_uncancelled)(); }
static int works(void) { return INT(hush_works)(); }

/* While the boot goes on: the thread waits at the gate, and uses the runtime then. */
static void at_the_gate(void)
{
    IS(LIB(probe_state)() != PROBE_STATE_READY);
    IS(on_a_cancelled_thread(spin) == PROBE_OK);
}

static void in_calls(void)
{
    IS(LIB(probe_ping)() == 1);
    for (int i = 0; i < 5; i++) {
        idle();
        IS(on_a_cancelled_thread(spin) == PROBE_OK);
        idle();
        IS(on_a_cancelled_thread(task_by_hand) == 7);
    }
    IS(on_a_cancelled_thread(nap) == 5);
    IS(on_a_cancelled_thread(panics) == -9);
}

static void in_rt0(void)
{
    IS(LIB(probe_ping)() == 1);
    for (int i = 0; i < 5; i++) {
        idle();
        IS(on_a_cancelled_thread(task) == 7);
    }
}

/* The thread boots, and drives the runtime: it sleeps in epoll_wait. */
static void driving(void)
{
    for (int i = 0; i < 3; i++)
        IS(on_a_cancelled_thread(works) == 7);
    IS(((int (*)(int))look_up("hush_shutdown"))(20000) == 0);
    IS(works() == 7);
}

static int exits(void) { exit(6); }

/* On the thread that exits, exit's handler drives it too. */
static void at_exit(void)
{
    IS(works() == 7);
    on_a_cancelled_thread(exits);
}

static int32_t slow(int32_t value, void *user)
{
    (void)user;
    usleep(1000);
    return value;
}

static int each(void)
{
    int32_t sum = 0;
    return LIB(probe_each)(slow, NULL, &sum, NULL) == PROBE_OK ? sum : -1;
}

static int named(void) { return LIB(probe_call_named)(slow, NULL); }

/* A callback of the host's is full of cancellation points. */
static void in_a_callback(void)
{
    IS(on_a_cancelled_thread(each) == 3);
    IS(on_a_cancelled_thread(named) == 4);
}

static int free_a_sleeper(void)
{
    probe_Sleeper *sleeper = NULL;
    if (LIB(probe_sleeper)(&sleeper, NULL) != PROBE_OK)
        return -1;
    return LIB(probe_Sleeper_free)(sleeper);
}

/* A destructor can be so too. */
static void in_a_free(void) { IS(on_a_cancelled_thread(free_a_sleeper) == PROBE_OK); }

/* The author has shielded this call. */
static void unshielded(void)
{
    IS(LIB(probe_ping)() == 1);
    on_a_cancelled_thread(light_nap);
    printf("it goes on\n");
}

/* No call counts as inside, and the thread's cancellation state is as it was. */
static void after(void)
{
    int state;
    IS(LIB(probe_shutdown)(20000) == PROBE_OK);
    IS(LIB(probe_ping)() == 1);
    IS(LIB(probe_nap)(0) == 0);
    IS(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state) == 0 && state == PTHREAD_CANCEL_ENABLE);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*run)(void); int is_probe; } all[] = {
        {"at_the_gate", at_the_gate, 1}, {"in_calls", in_calls, 1}, {"in_rt0", in_rt0, 1},
        {"in_a_callback", in_a_callback, 1}, {"in_a_free", in_a_free, 1},
        {"unshielded", unshielded, 0}, {"driving", driving, 0}, {"at_exit", at_exit, 0},
    };
    if (argc != 3)
        die("leaving LIB WHAT");
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(argv[2], all[i].name) == 0) {
            all[i].run();
            if (all[i].is_probe)
                after();
            return 0;
        }
    die("no %s", argv[2]);
}
