/* A library in the oldest versions of C and C++ that rt0.h supports. */
#include "rt0.h"

static int boot(void *user, rt0_boot boot)
{
    (void)user;
    return rt0_notify(boot, RT0_OK, NULL);
}

static const struct rt0_runtime runtime = {
    sizeof(struct rt0_runtime), "oldest", NULL, boot, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, RT0_START_LAZY, 0, 0,
};
RT0_RUNTIME(runtime)

#ifdef __cplusplus
extern "C"
#endif
int oldest_ping(void);

int oldest_ping(void)
{
    int status = rt0_wait(RT0_FOREVER);
    return status == RT0_OK ? 1 : status;
}
