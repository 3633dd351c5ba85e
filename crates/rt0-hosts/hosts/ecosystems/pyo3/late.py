"""Calls, sync and async, when the library has ended with the interpreter: each raises, none waits."""

import asyncio
import atexit


async def waits():
    await shop.wait_for("a")


# Registered before the import, so it runs after the library's end.
@atexit.register
def last():
    for call in (lambda: asyncio.run(waits()), lambda: shop.get("a"), lambda: shop.wait_for_sync("a")):
        try:
            call()
        except RuntimeError as error:
            print("stopped" if "stopped" in str(error) else error)


import shop

shop.put("a", "x")
