/* A library with a subscriber of its own that passes its events on. Linked with chorus. Each line is a failure. */
#include "../check.h"
#include "../host.h"
#include "chorus.h"

static char lines[8][100];
static _Atomic int told;

static void note(void *user, int32_t level, const char *target, const char *text, const char *spans)
{
    (void)user;
    if (told < 8)
        snprintf(lines[told], sizeof lines[told], "%d %s %s|%s", level, target, spans, text);
    told++;
}

static void await(int number)
{
    while (told < number)
        usleep(500);
}

static void off(void)
{
    IS(chorus_events(0, NULL, NULL) == CHORUS_OK);
}

int main(void)
{
    /* Before there is a subscriber. */
    IS(chorus_events(3, note, NULL) == CHORUS_OK);
    IS(chorus_say(1, NULL) == CHORUS_OK);
    await(2);
    off();
    IS(chorus_say(2, NULL) == CHORUS_OK);
    IS(told == 2);
    IS(strcmp(lines[0], "3 chorus starting|init") == 0);
    IS(strcmp(lines[1], "3 chorus outer|1") == 0);
    /* The library's own layer gets everything all the while. */
    IS(chorus_own() == 5);
    IS(chorus_events(4, note, NULL) == CHORUS_OK);
    IS(chorus_say(3, NULL) == CHORUS_OK);
    IS(chorus_shutdown(-1) == CHORUS_OK);
    await(4);
    IS(told == 4);
    IS(strcmp(lines[3], "4 chorus outer|details of 3") == 0);
    return 0;
}
