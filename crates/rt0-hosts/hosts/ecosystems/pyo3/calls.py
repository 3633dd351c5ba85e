"""Calls at once after the import: sync, async and callbacks, on one runtime."""

import asyncio
import os
import sys
import threading

import shop

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from thread_names import PYTHON, booted, threads

assert shop.put("a", "one") == 1
assert shop.get("a") == "one" and shop.get("b") is None
try:
    shop.put("", "x")
except ValueError as error:
    assert str(error) == "the key must not be empty"

workers = booted("shop")
assert workers.pop(0) == PYTHON
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
assert others == [PYTHON], threads()
