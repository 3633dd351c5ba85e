/*
 * Looks at the library's state when the exit of the process makes a thread.
 *
 *   closed_first LIB
 *
 * Prints the state as `probe_state` says it.
 */
#include "makes_thread.h"

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
    if (exits)
        printf("state %d\n", INT(probe_state)());
    return really_create(thread, attributes, start, data);
}

int main(int argc, char **argv)
{
    begin_with(argc > 1 ? argv[1] : "");
    exits = 1;
    return 0;
}
