"""The event loop goes on while a call waits for the boot: init itself waits until it has."""

import asyncio
import threading

import store

ticked = threading.Event()


class Log(store.Log):
    def line(self, text):
        print(text, ticked.wait(60))


async def tick():
    for _ in range(20):
        await asyncio.sleep(0.001)
    ticked.set()


async def main():
    store.log_to(Log())
    waiting = asyncio.create_task(store.wait_for("never", 1))
    await asyncio.sleep(0)
    await asyncio.gather(tick(), waiting, return_exceptions=True)
    print(type(waiting.exception()).__name__)


asyncio.run(main())
