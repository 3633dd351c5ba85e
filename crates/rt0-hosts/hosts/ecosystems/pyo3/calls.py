"""Calls at once after the import: sync, async and callbacks, on one runtime."""

import asyncio
import os
import threading
import time

import shop

assert shop.put("a", "one") == 1
assert shop.get("a") == "one" and shop.get("b") is None
try:
    shop.put("", "x")
except ValueError as error:
    assert str(error) == "the key must not be empty"



def threads():
    """The names of the process's threads, but for Python's own."""
    names = []
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/comm") as file:
                names.append(file.read().strip())
        except OSError:
            # It has ended.
            pass
    return sorted(name for name in names if name != PYTHON)


with open("/proc/self/comm") as file:
    PYTHON = file.read().strip()

# The boot thread may be on its way out, and a worker may not have taken its own name yet.
while "shop-boot" in threads():
    time.sleep(0.001)
workers = threads()
assert len(workers) == 2 and all(name.startswith("shop-") for name in workers), threads()

told = threading.Event()
seen = []


def watcher(key, what):
    seen.append((key, what, threading.current_thread() is threading.main_thread()))
    told.set()


shop.watch(watcher)


async def waits():
    waiting = asyncio.ensure_future(shop.wait_for("b"))
    cancelled = asyncio.ensure_future(shop.wait_for("never"))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    shop.put("b", "two")
    cancelled.cancel()
    return await waiting


assert asyncio.run(waits()) == "two"
assert shop.wait_for_sync("b") == "two"
assert told.wait(60)
assert ("b", "put", False) in seen, seen

# Besides the workers only threads of the same runtime for what blocks: no second runtime.
others = [name for name in threads() if not name.startswith("shop-")]
assert others == [], threads()
