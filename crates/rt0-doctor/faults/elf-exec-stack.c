//@ fault-flags: -z execstack
//@ sound-flags: -z noexecstack
int add(int a, int b) { return a + b; }
