/*
 * `woken LIB SLOW`: a host of one thread. Opens the probe in a namespace of its own, and has it begin a boot that
 * waits for the file $GO and then needs the loader. Then opens SLOW, whose constructor makes that file and keeps the loader for
 * as long as the boot needs to come and wait for it. Prints what a call gets after that.
 *
 * With SLOW defined it is that library.
 */
#include "../host.h"
#include <dlfcn.h>
#include <fcntl.h>

#ifdef SLOW
__attribute__((constructor)) static void slow(void)
{
    close(open(getenv("GO"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    const char *ms = getenv("SLOW_MS");
    usleep(1000 * (ms ? atoi(ms) : 300));
}
#else
int main(int argc, char **argv)
{
    if (argc != 3)
        die("woken LIB SLOW");
    void *library = dlmopen(LM_ID_NEWLM, argv[1], RTLD_NOW);
    if (library == NULL)
        die("dlmopen: %s", dlerror());
    int (*wait_for)(int) = (int (*)(int))dlsym(library, "probe_wait");
    int early = wait_for(50);
    if (dlopen(argv[2], RTLD_NOW) == NULL)
        die("dlopen: %s", dlerror());
    printf("early = %d\nlate = %d\n", early, wait_for(20000));
    return 0;
}
#endif
