"""Exits with 3 while daemon threads call, threads wait in calls, and the library's threads call back. Prints how the
end of the interpreter went."""

import atexit
import sys
import threading


# Registered before the import, so it runs after the library's end.
@atexit.register
def last():
    try:
        shop.put("late", "x")
    except RuntimeError as error:
        print("stopped" if "stopped" in str(error) else error)


import shop

called = threading.Event()


def watcher(key, what):
    called.set()
    # So that it is often inside Python.
    for _ in range(200):
        pass


def puts(number):
    try:
        while True:
            shop.put(str(number), "x")
    except RuntimeError:
        pass


def waits():
    try:
        shop.wait_for_sync("never")
    except RuntimeError:
        pass


shop.watch(watcher)
for number in range(2):
    threading.Thread(target=puts, args=(number,), daemon=True).start()
    threading.Thread(target=waits, daemon=True).start()
assert called.wait(60)
sys.exit(3)
