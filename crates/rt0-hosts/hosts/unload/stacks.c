/*
 * Two calls of one thread, on two stacks, of which the one that began first ends first: a host that switches
 * stacks in a callback (greenlets, Ruby's fibers) does that. Linked with the probe. Each line that is printed
 * is a failure.
 */
#include "../staying.h"
#include <ucontext.h>

enum { CALLS = 2, STACK = 256 * 1024 };

static ucontext_t outside, inside[CALLS];
static int ended[CALLS];

/* Goes back to main's stack in the middle of the call. */
static int32_t leave_the_stack(void *number)
{
    IS(swapcontext(&inside[*(int *)number], &outside) == 0);
    return 0;
}

static void call(int number)
{
    int32_t code = -1;
    IS(probe_call_back(leave_the_stack, &number, &code, NULL) == PROBE_OK && code == 0);
    ended[number] = 1;
}

static void go_on(int number)
{
    IS(swapcontext(&outside, &inside[number]) == 0);
}

/* A call on a stack of its own, up to its callback. */
static void begin(int number)
{
    ucontext_t *there = &inside[number];
    if (getcontext(there) != 0)
        die("no context");
    there->uc_stack.ss_sp = malloc(STACK);
    there->uc_stack.ss_size = STACK;
    there->uc_link = &outside;
    makecontext(there, (void (*)(void))call, 1, number);
    go_on(number);
}

/* The time that it has, and then what it says. */
static void *shut_down(void *answer)
{
    *(int32_t *)answer = probe_shutdown(*(int32_t *)answer);
    return NULL;
}

/* What a shutdown with this time says on another thread. */
static int32_t shutdown_elsewhere(int32_t ms)
{
    pthread_t thread;
    int32_t answer = ms;
    if (pthread_create(&thread, NULL, shut_down, &answer) != 0)
        die("no thread");
    pthread_join(thread, NULL);
    return answer;
}

int main(void)
{
    int32_t code = -1;
    begin(0);
    begin(1);
    IS(shutdown_elsewhere(300) == PROBE_TIMED_OUT);
    go_on(0);
    IS(ended[0] && !ended[1]);
    IS(shutdown_elsewhere(300) == PROBE_TIMED_OUT);
    /* A call that begins and ends meanwhile changes nothing. */
    IS(probe_call_back(return_at_once, NULL, &code, NULL) == PROBE_OK);
    IS(shutdown_elsewhere(300) == PROBE_TIMED_OUT);
    go_on(1);
    IS(ended[1]);
    IS(shutdown_elsewhere(20000) == PROBE_OK);
    return 0;
}
