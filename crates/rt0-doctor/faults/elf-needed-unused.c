//@ flags: -Wl,--no-as-needed
//@ fault-flags: -lm
int add(int a, int b) { return a + b; }
