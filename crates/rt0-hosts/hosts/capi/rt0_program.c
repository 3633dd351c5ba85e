/* A program with a runtime on rt0.h inside. It boots by itself, and with PARROT=main it is told about the
 * exit. */
#include "parrot.c"
#include <unistd.h>

/* The program's own symbols, with names that the archive also has. */
void rust_eh_personality(void);
void rust_eh_personality(void) {}

int main(void)
{
    /* None of these calls begins a boot. */
    for (int i = 0; i < 20000 && !parrot_done(); i++)
        pause_ms(1);
    printf("done = %d\n", parrot_done());
    printf("ping = %d\n", parrot_ping());
    printf("shutdown = %d\n", parrot_shutdown(20000));
    printf("generation = %d\n", parrot_generation());
    printf("wrong = %d\n", parrot_wrong());
    return 5;
}
