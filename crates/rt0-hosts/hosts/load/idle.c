/* Calls nothing: waits for the file that the linked library writes. */
#include "../host.h"

int main(void)
{
    const char *out = getenv("SILENT_OUT");
    uint64_t start = now();
    while (access(out, R_OK) != 0) {
        if (now() - start > 20000000000ull)
            die("it did not start by itself");
        usleep(500);
    }
    return 0;
}
