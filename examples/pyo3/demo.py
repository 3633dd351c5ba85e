"""Uses the store from Python. It starts nothing: importing it did."""

import asyncio

import shop

shop.watch(lambda key, what: print(f"{key}: {what}", flush=True))


async def main():
    waiting = asyncio.ensure_future(shop.wait_for("tea"))
    await asyncio.sleep(0.1)
    print("in the store:", shop.put("tea", "Assam, 250 g"))
    print("tea:", await waiting)


asyncio.run(main())
