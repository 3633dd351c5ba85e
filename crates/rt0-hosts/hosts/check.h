/* For hosts in which each line that is printed is a failure. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

#define IS(what) \
    do { if (!(what)) printf("line %d: %s\n", __LINE__, #what); } while (0)

#endif
