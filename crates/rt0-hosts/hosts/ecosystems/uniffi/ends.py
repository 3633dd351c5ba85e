"""Ends with an exit code while the library's threads call back: `ends.py CODE [unregistered]`."""

import atexit
import sys
import time

import store

called = 0


class Watcher(store.Watcher):
    def on_event(self, key, event):
        global called
        called += 1
        time.sleep(0.0005)
        # So there is always another event.
        store.put(str(called % 100), "x")


if sys.argv[2:] == ["unregistered"]:
    atexit.unregister(store._rt0_end)
store.watch(Watcher())
store.put("0", "x")
while called < 8:
    time.sleep(0.001)
sys.exit(int(sys.argv[1]))
