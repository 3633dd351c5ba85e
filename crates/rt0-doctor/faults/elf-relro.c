//@ fault-flags: -Wl,-z,norelro
//@ sound-flags: -Wl,-z,relro
int add(int a, int b) { return a + b; }
int (*const table[])(int, int) = {add};
