//@ flags: -fuse-ld=gold
// gold leaves the symbol in the table of what the loader has to find; a null check then finds the file's header.
#ifdef FAULT
__attribute__((weak, visibility("hidden"))) int optional(void);
#else
__attribute__((weak)) int optional(void);
#endif

int ask(void) { return optional ? optional() : 0; }
