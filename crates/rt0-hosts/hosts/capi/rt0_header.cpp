// The same source in C++.
#include "rt0_header.c"
