"""The event loop runs on while async calls wait for the boot: the boot ends only when the loop says so."""

import asyncio
import sys
import threading
import types

import shop

events = types.ModuleType("waits_for_init")
events.entered, events.go = threading.Event(), threading.Event()
sys.modules["waits_for_init"] = events


async def main():
    waiting = [asyncio.ensure_future(shop.wait_for("a")) for _ in range(10)]
    while not events.entered.is_set():
        await asyncio.sleep(0.001)
    assert not any(future.done() for future in waiting)
    events.go.set()
    # A sync call, on a thread as usual.
    await asyncio.to_thread(shop.put, "a", "one")
    assert await asyncio.gather(*waiting) == ["one"] * 10


asyncio.run(main())
