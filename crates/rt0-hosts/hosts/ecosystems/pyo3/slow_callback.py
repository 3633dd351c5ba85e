"""Ends while a callback is in Python. The interpreter waits for it, and lets no other begin."""

import threading
import time

import shop

begun = threading.Event()


def watcher(key, what):
    print(key, "begins", flush=True)
    begun.set()
    time.sleep(1)
    print(key, "ends", flush=True)


shop.watch(watcher)
shop.put("a", "x")
assert begun.wait(60)
shop.put("b", "x")
