/*
 * A host with C++ statics that the library's busy workers use until the process ends.
 *
 *   statics open PATH MICROS     opens the library, keeps it busy for this long, exits with 42
 *   statics named MICROS         the same with a library that is already loaded: linked, or preloaded
 *   statics watch PATH MICROS    opens the library and calls nothing: it gets busy on its own
 *   statics space PATH MICROS    the same in a separate namespace (dlmopen)
 *
 * The statics are made before main, and thus before a library that main opens, but after one that the host is
 * linked with; with STATICS_AFTER in the environment, this many milliseconds after. Once they are destroyed,
 * using them ends the process with a signal.
 */
extern "C" {
#include "../host.h"
}
#include <dlfcn.h>

/* Made first, destroyed last: gives the workers time to do harm. */
struct Slow {
    ~Slow() { usleep(3000); }
} slow;

/* A host that has much to do before it makes them. */
struct Late {
    Late()
    {
        const char *ms = getenv("STATICS_AFTER");
        if (ms != NULL)
            usleep(static_cast<useconds_t>(atoi(ms)) * 1000);
    }
} late;

struct Table {
    int **cells;
    Table() : cells(new int *[16])
    {
        for (int i = 0; i < 16; i++)
            cells[i] = new int(i);
    }
    ~Table()
    {
        int **old = cells;
        cells = reinterpret_cast<int **>(8);
        delete[] old;
    }
} table;

static volatile int uses;

extern "C" void use_table(void)
{
    uses = 1;
    volatile Table *now = &table;
    for (int i = 0; i < 16; i++)
        if (*now->cells[i] != i)
            abort();
}

typedef int (*busy_function)(void (*)(void), char **);

static void keep_busy(void *library, const char *micros)
{
    busy_function busy = reinterpret_cast<busy_function>(dlsym(library, "probe_keep_busy"));
    if (busy == NULL)
        die("no symbol: %s", dlerror());
    if (busy(use_table, NULL) != 0)
        die("the call failed");
    usleep(static_cast<useconds_t>(atoi(micros)));
}

static void *opened(void *library)
{
    if (library == NULL)
        die("dlopen: %s", dlerror());
    return library;
}

/* Waits until the library has begun to use the table on its own, and a little longer. */
static void wait_for_use(const char *micros)
{
    for (uint64_t start = now(); uses == 0 && now() - start < 20000000000ull;)
        usleep(200);
    usleep(static_cast<useconds_t>(atoi(micros)));
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "open") == 0)
        keep_busy(opened(dlopen(argv[2], RTLD_NOW)), argv[3]);
    else if (argc == 4 && strcmp(argv[1], "space") == 0)
        keep_busy(opened(dlmopen(LM_ID_NEWLM, argv[2], RTLD_NOW)), argv[3]);
    else if (argc == 4 && strcmp(argv[1], "watch") == 0)
        opened(dlopen(argv[2], RTLD_NOW)), wait_for_use(argv[3]);
    else if (argc == 3 && strcmp(argv[1], "named") == 0)
        keep_busy(RTLD_DEFAULT, argv[2]);
    else
        die("how?");
    return 42;
}
