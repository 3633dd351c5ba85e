#ifdef FAULT
#define FOLDER "/home/builder/project/"
#else
#define FOLDER ""
#endif

const char *where(void) { return FOLDER "src/add.c"; }
