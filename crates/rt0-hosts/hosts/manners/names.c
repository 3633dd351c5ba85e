/* Uses functions of the C library before and after it opens a library whose exports have the same names. */
#include "../host.h"
#include <dlfcn.h>
#include <errno.h>

static void use(const char *when)
{
    char text[6] = "";
    int pipes[2];
    char *memory = malloc(1000);
    int file = open("/dev/null", O_WRONLY);
    if (memory == NULL || file < 0 || write(file, "x", 1) != 1 || close(file) != 0)
        die("%s: %s", when, strerror(errno));
    if (pipe(pipes) != 0 || write(pipes[1], "hello", 5) != 5 || read(pipes[0], text, 5) != 5)
        die("%s: %s", when, strerror(errno));
    if (strcmp(text, "hello") != 0 || close(pipes[0]) != 0 || close(pipes[1]) != 0)
        die("%s: %s", when, text);
    free(memory);
}

int main(int argc, char **argv)
{
    use("before");
    void *library = dlopen(argc > 1 ? argv[1] : "", RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL)
        die("%s", dlerror());
    use("while it boots");
    int (*open_of)(void) = (int (*)(void))dlsym(library, "calm_open");
    int (*write_of)(int) = (int (*)(int))dlsym(library, "calm_write");
    size_t (*malloc_of)(size_t) = (size_t (*)(size_t))dlsym(library, "calm_malloc");
    int (*close_of)(int) = (int (*)(int))dlsym(library, "calm_close");
    if (open_of() != 1 || write_of(4) != 8 || malloc_of(5) != 6 || close_of(1) != 0)
        die("its own");
    use("after");
    dlclose(library);
    use("after dlclose");
    return 0;
}
