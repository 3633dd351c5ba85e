// A library that depends on another and calls it while the loader is still loading it, and perhaps the
// other one, too. The environment says how:
//
//   GLOBAL_SLEEP=MS    it sleeps first, on a thread that is then named `in-global`
//   GLOBAL_WAIT=MS     how long it waits for the other one
//   GLOBAL_THREAD=1    a new thread calls, and it waits for that thread
//   GLOBAL_TICKS=1     a signal handler runs every millisecond meanwhile
//   GLOBAL_SHUTDOWN=MS it shuts the other one down, and waits this long for that
#include <csignal>
#include <cstdlib>
#include <pthread.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

extern "C" int probe_wait(int timeout_ms);
extern "C" int probe_ping(void);
extern "C" int probe_boots(void);
extern "C" int probe_shutdown(int timeout_ms);

namespace {
void tick(int) {}

void ticks(suseconds_t micros) {
    struct sigaction action = {};
    action.sa_handler = tick;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, nullptr);
    const struct itimerval timer = {{0, micros}, {0, micros}};
    setitimer(ITIMER_REAL, &timer, nullptr);
}

struct Global {
    int answer = 0;
    int down = 0;

    void call() {
        const char *wait = std::getenv("GLOBAL_WAIT");
        answer = wait ? probe_wait(std::atoi(wait)) : 0;
        if (answer == 0)
            answer = probe_ping();
        if (const char *ms = std::getenv("GLOBAL_SHUTDOWN"))
            down = probe_shutdown(std::atoi(ms));
    }

    Global() {
        if (const char *ms = std::getenv("GLOBAL_SLEEP")) {
            pthread_setname_np(pthread_self(), "in-global");
            usleep(static_cast<useconds_t>(std::atoi(ms)) * 1000);
        }
        if (std::getenv("GLOBAL_TICKS"))
            ticks(1000);
        if (std::getenv("GLOBAL_THREAD"))
            std::thread([this] { call(); }).join();
        else
            call();
        ticks(0);
    }
};
Global global;
}

extern "C" int global_answer(void) { return global.answer; }
extern "C" int global_down(void) { return global.down; }
extern "C" int global_boots(void) { return probe_boots(); }
