//@ arguments: --header {dir}/elf-header-complete.h
int add(int a, int b) { return a + b; }

#ifdef FAULT
int forgotten(void) { return add(1, 2); }
#endif
