//@ sound-flags: -Wl,-soname,libtwin.so.1
int add(int a, int b) { return a + b; }
