//@ sound-flags: -ftls-model=global-dynamic
//@ fault-flags: -ftls-model=initial-exec
__thread char room[4096];

char *mine(void) { return room; }
