// The fault has a function with the name of one of the C library's.
#ifdef FAULT
long write(int fd, const void *bytes, unsigned long count) {
#else
long twin_write(int fd, const void *bytes, unsigned long count) {
#endif
    return fd < 0 || !bytes ? -1 : (long)count;
}
