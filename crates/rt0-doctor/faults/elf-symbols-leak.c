// A zlib of its own inside, as with -lz from an archive.
#ifdef FAULT
#define INSIDE
#else
#define INSIDE __attribute__((visibility("hidden")))
#endif

INSIDE int inflateInit2_(void *stream, int bits, const char *version, int size) {
    return stream && bits && version && size;
}

int unpack(void) { return inflateInit2_(0, 15, "1", 8); }
