// A library that depends on another and calls it while the loader is still loading it, and perhaps the
// other one, too. The environment says how:
//
//   GLOBAL_SLEEP=MS    it takes its time first, in a thread that is then named `in-global`
//   GLOBAL_WAIT=MS     how long it waits for the other one
//   GLOBAL_THREAD=1    a thread of its own calls, and it waits for that one
#include <cstdlib>
#include <pthread.h>
#include <thread>
#include <unistd.h>

extern "C" int probe_wait(int timeout_ms);
extern "C" int probe_ping(void);
extern "C" int probe_boots(void);

namespace {
struct Global {
    int answer = 0;

    void call() {
        const char *wait = std::getenv("GLOBAL_WAIT");
        answer = wait ? probe_wait(std::atoi(wait)) : 0;
        if (answer == 0)
            answer = probe_ping();
    }

    Global() {
        if (const char *ms = std::getenv("GLOBAL_SLEEP")) {
            pthread_setname_np(pthread_self(), "in-global");
            usleep(static_cast<useconds_t>(std::atoi(ms)) * 1000);
        }
        if (std::getenv("GLOBAL_THREAD"))
            std::thread([this] { call(); }).join();
        else
            call();
    }
};
Global global;
}

extern "C" int global_answer(void) { return global.answer; }
extern "C" int global_boots(void) { return probe_boots(); }
