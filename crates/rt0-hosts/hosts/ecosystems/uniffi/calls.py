"""Calls at once after the import, and what the answers are."""

import asyncio

import store

assert store.put("a", "one") == 1
assert store.get("a") == "one"
assert store.get("b") is None
shelf = store.Shelf("s")
assert shelf.put("a", "two") == 2
assert store.get("s/a") == "two"


def fault(kind, call):
    try:
        call()
    except kind as error:
        return str(error)
    raise AssertionError(f"no {kind}")


async def wait():
    assert await store.wait_for("a") == "one"
    assert await store.wait_for("a", 60000) == "one"
    assert await shelf.wait_for("a") == "two"
    try:
        await store.wait_for("never", 5)
    except store.Fault.TooLate as error:
        assert str(error) == "no text in time"
    else:
        raise AssertionError("it was never put")
    waiting = asyncio.create_task(store.wait_for("later"))
    await asyncio.sleep(0)
    store.put("later", "three")
    assert await waiting == "three"
    # A wait that is given up leaves the library: its end would wait for it.
    given_up = asyncio.create_task(store.wait_for("never", 600000))
    await asyncio.sleep(0.01)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)


assert fault(store.Fault.Engine, lambda: store.put("", "x")) == "the key must not be empty"
assert store.wait_for_blocking("a") == "one"
asyncio.run(wait())
store.rt0_shutdown(600000)
# A later call starts it again, empty.
assert store.get("a") is None
print("right")
