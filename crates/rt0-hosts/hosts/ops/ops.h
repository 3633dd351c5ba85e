/* For the hosts of the fixture `porter`: each line that is printed is a failure. Nothing here waits for a time: the
 * watchdog ends a host that waits forever. */
#ifndef OPS_H
#define OPS_H

#include "../check.h"
#include "../host.h"
#include "porter.h"
#include <errno.h>
#include <pthread.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* What the header does not show. */
extern int porter_begun(void), porter_gone(void), porter_told(void), porter_blocking(void);
extern int porter_things_dropped(void), porter_states_dropped(void), porter_booting(void), porter_end(int ms);
extern void porter_let_boot(void), porter_let_go(void);
extern int porter_wake(void);

/* The usual gates: one that stays closed, and one for each purpose. */
enum { SHUT = 0, GATE = 1, OTHER = 2 };
enum { FOREVER = -1, AT_ONCE = 0 };

/* A number that should be another. */
#define SAME(what, wanted)                                                                                      \
    do {                                                                                                        \
        long long same_is = (long long)(what), same_wanted = (long long)(wanted);                               \
        if (same_is != same_wanted)                                                                             \
            printf("line %d: %s is %lld, not %s, %lld\n", __LINE__, #what, same_is, #wanted, same_wanted);      \
    } while (0)

/* A moment. Where only calls drive the runtime, it goes on meanwhile. */
static inline void pass_time(void)
{
    if (getenv("OPS_DRIVES") != NULL)
        porter_drives(NULL);
    usleep(200);
}

/* Waits for an event that comes without fail. */
#define UNTIL(what)                                                                                             \
    do { while (!(what)) pass_time(); } while (0)

struct part {
    const char *name;
    void (*run)(void);
};

/* Runs the part that the command line names. */
static inline int run_part(const struct part *parts, size_t count, int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < count; i++)
        if (argc > 1 && strcmp(argv[1], parts[i].name) == 0) {
            parts[i].run();
            return 0;
        }
    die("no such part: %s", argc > 1 ? argv[1] : "");
    return 3;
}
#define RUN_PART(parts) run_part(parts, sizeof(parts) / sizeof *(parts), argc, argv)

static inline porter_Queue *new_queue(uint32_t limit)
{
    porter_Queue *queue = NULL;
    char *err = NULL;
    int code = porter_queue_new(limit, &queue, &err);
    if (code != PORTER_OK || queue == NULL || err != NULL)
        die("no queue: %d %s", code, err ? err : "");
    return queue;
}

/* Begins an op that waits at the gate. */
static inline porter_Op *begin(uint32_t gate, porter_Queue *queue, uint64_t tag)
{
    porter_Op *op = NULL;
    char *err = NULL;
    int code = porter_passes_begin(gate, -1, queue, tag, &op, &err);
    if (code != PORTER_OK || op == NULL || err != NULL)
        die("it has not begun: %d %s", code, err ? err : "");
    return op;
}

/* One that is done at once. */
static inline porter_Op *begin_ready(uint32_t value, porter_Queue *queue, uint64_t tag)
{
    porter_Op *op = NULL;
    char *err = NULL;
    int code = porter_ready_begin(value, -1, queue, tag, &op, &err);
    if (code != PORTER_OK || op == NULL || err != NULL)
        die("it has not begun: %d %s", code, err ? err : "");
    return op;
}

static inline void open_gate(uint32_t gate)
{
    SAME(porter_open(gate, NULL), PORTER_OK);
}

static inline uint32_t waiting_at(uint32_t gate)
{
    uint32_t count = 0;
    SAME(porter_waiting(gate, &count, NULL), PORTER_OK);
    return count;
}

/* Takes one tag, however long it takes. */
static inline uint64_t take(porter_Queue *queue)
{
    uint64_t tag = 0;
    size_t count = 0;
    int code = porter_queue_take(queue, &tag, 1, &count, FOREVER);
    if (code != PORTER_OK || count != 1)
        die("no tag: %d, %zu", code, count);
    return tag;
}

/* What a look at the queue gives. */
static inline int look(porter_Queue *queue)
{
    uint64_t tag;
    size_t count = 77;
    int code = porter_queue_take(queue, &tag, 1, &count, AT_ONCE);
    if (code != PORTER_OK && count != 0)
        printf("an answer of %d left %zu in count\n", code, count);
    return code;
}

/* Whether the text of an error begins like this, which gives it back. */
static inline int says(char *err, const char *text)
{
    int right = err != NULL && strncmp(err, text, strlen(text)) == 0;
    if (!right)
        printf("the text is `%s`, not `%s`\n", err ? err : "(null)", text);
    porter_free(err);
    return right;
}

static inline pthread_t run_thread(void *(*work)(void *), void *data)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, data) != 0)
        die("no thread");
    return thread;
}

/* From now on no thread can be made: neither by clone3 nor by clone. */
static inline void forbid_threads(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        die("seccomp");
}

/* Where only calls drive the runtime, a queue has no descriptor. */
static inline int has_descriptors(void)
{
    return getenv("OPS_DRIVES") == NULL;
}

/* How many descriptors this process has. */
static inline int count_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = 0;
    if (dir == NULL)
        die("no /proc");
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 3;
}

/* The memory that is its own, in KiB. */
static inline long resident(void)
{
    char kib[512];
    if (!status_of("self", "RssAnon", kib, sizeof kib))
        die("no /proc");
    return atol(kib);
}

/* The child ends with 0 if it has found nothing wrong. */
static inline void await_child(pid_t child)
{
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        printf("the child ended with %x\n", (unsigned)status);
}

#endif
