"""Two libraries on rt0 in one process, each with its own runtime."""

import asyncio
import os
import threading

import greeter
import shop


async def both():
    waiting = asyncio.ensure_future(shop.wait_for("a"))
    text = await greeter.greet_later("you", 1)
    shop.put("a", text)
    return await waiting


assert asyncio.run(both()) == "Hello, you!"
threads = [threading.Thread(target=lambda: (shop.put("b", "x"), greeter.greet("x"))) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
child = os.fork()
if child == 0:
    assert asyncio.run(both()) == "Hello, you!"
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
