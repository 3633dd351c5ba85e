// A library that depends on another and calls it while the loader is still loading both.
extern "C" int probe_ping(void);
extern "C" int probe_boots(void);

namespace {
struct Global {
    int answer;
    Global() : answer(probe_ping()) {}
};
Global global;
}

extern "C" int global_answer(void) { return global.answer; }
extern "C" int global_boots(void) { return probe_boots(); }
