"""Prints what calls raise, sync and async. The first one is async: nothing has booted yet."""

import asyncio

import shop


async def waits():
    await shop.wait_for("a")


for call in (lambda: asyncio.run(waits()), lambda: shop.put("a", "x"), lambda: shop.wait_for_sync("a")):
    try:
        call()
    except RuntimeError as error:
        print(error)
