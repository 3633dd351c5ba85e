"""Uses the store. It starts nothing: the import did."""

import asyncio

import store


class Watcher(store.Watcher):
    def on_event(self, key, event):
        # On one of the library's threads.
        print("event:", key, event.name)


async def main():
    waiting = asyncio.create_task(store.wait_for("b"))
    await asyncio.sleep(0)
    store.put("b", "two")
    print("awaited:", await waiting)
    try:
        await store.wait_for("c", 50)
    except store.Fault.TooLate as error:
        print("c:", error)


store.watch(Watcher())
print("texts:", store.put("a", "one"))
print("a:", store.get("a"))
asyncio.run(main())
