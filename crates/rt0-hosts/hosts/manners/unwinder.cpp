/*
 * A host whose own unwinder meets the library's: `unwinder LIB WHAT`. WHAT is a function's name below; LIB is the library
 * `probe`. Each line that is printed is a failure.
 */
#include "../check.h"
#include "../look_up.h"
#include "probe.h"
#include <link.h>
#include <pthread.h>

static int panics(void) { return LIB(probe_panics)(NULL); }

static int throws(void) { throw 5; }

/* Through a function that lets exceptions through, before the library itself has ever unwound anything. */
static void through(void)
{
    int (*let_through)(int (*)(void)) = (int (*)(int (*)(void)))look_up("probe_let_through");
    for (int i = 1; i <= 3; i++) {
        int caught = 0;
        try {
            let_through(throws);
        } catch (int value) {
            caught = value;
        }
        IS(caught == 5);
        IS(INT(probe_let_go)() == i);
        IS(panics() == PROBE_PANICKED);
    }
}

static int32_t catches(void *)
{
    try {
        throws();
    } catch (int value) {
        return panics() == PROBE_PANICKED ? value : -1;
    }
    return -2;
}

/* The host's exceptions and the library's panics, inside one another. */
static void nested(void)
{
    for (int i = 0; i < 3; i++) {
        int32_t result = 0;
        IS(LIB(probe_call_back)(catches, NULL, &result, NULL) == PROBE_OK);
        IS(result == 5);
        IS(panics() == PROBE_PANICKED);
    }
}

static int32_t throws_out(void *) { return throws(); }

static void out(void)
{
    int32_t result;
    LIB(probe_call_back)(throws_out, NULL, &result, NULL);
    printf("it goes on\n");
}

static int32_t ends_thread(void *) { pthread_exit(NULL); }

static void *in_a_thread(void *)
{
    int32_t result;
    LIB(probe_call_back)(ends_thread, NULL, &result, NULL);
    return NULL;
}

static void thread_exit(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, in_a_thread, NULL);
    pthread_join(thread, NULL);
    printf("it goes on\n");
}

static void *panics_in_a_thread(void *answer)
{
    *(int *)answer = panics();
    return NULL;
}

/* The loader holds its lock around the list of files. */
static int visit(struct dl_phdr_info *, size_t, void *)
{
    pthread_t thread;
    int answer = 0;
    pthread_create(&thread, NULL, panics_in_a_thread, &answer);
    pthread_join(thread, NULL);
    IS(answer == PROBE_PANICKED);
    return 1;
}

static void locked(void)
{
    look_up("probe_panics");
    IS(LIB(probe_ping)() == 1);
    dl_iterate_phdr(visit, NULL);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*run)(void); } all[] = {
        {"through", through}, {"nested", nested}, {"out", out}, {"thread_exit", thread_exit}, {"locked", locked},
    };
    if (argc != 3)
        die("unwinder LIB WHAT");
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    for (auto &one : all)
        if (strcmp(argv[2], one.name) == 0) {
            one.run();
            return 0;
        }
    die("no %s", argv[2]);
}
