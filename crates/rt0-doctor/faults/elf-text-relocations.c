//@ flags: -Wl,-z,notext
// In the fault a constant with an address lies among the code; the loader has to write it there.
#ifdef FAULT
#define SECTION ".section .text"
#else
#define SECTION ".section .data.rel.ro,\"aw\""
#endif

__asm__(SECTION "\n.balign 8\nplace: .quad add\n.text\n");

int add(int a, int b) { return a + b; }
