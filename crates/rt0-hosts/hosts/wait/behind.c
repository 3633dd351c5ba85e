/*
 * `behind SLOW`: a host whose boot thread waits behind another thread's `dlopen`, of SLOW (`manners/woken.c`), whose
 * constructor makes the file $GO and then takes its time. Linked with the probe, because `dlsym` would wait for that
 * `dlopen`, too. Each line that is printed is a failure.
 */
#include "../check.h"
#include "../host.h"
#include "probe.h"
#include <dlfcn.h>
#include <pthread.h>

static void *open_it(void *path)
{
    IS(dlopen(path, RTLD_NOW) != NULL);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t opening;
    if (argc != 2)
        die("behind SLOW");
    if (pthread_create(&opening, NULL, open_it, argv[1]) != 0)
        die("no thread");
    while (access(getenv("GO"), F_OK) != 0)
        usleep(1000);
    IS(probe_ping() == 1);
    IS(probe_shutdown(20000) == PROBE_OK);
    pthread_join(opening, NULL);
    return 0;
}
