"""The library in one process several times: on a thread, as a second module, in a subinterpreter. It boots once and
has one runtime."""

import asyncio
import importlib.util
import os
import threading
import time

import _xxsubinterpreters as interpreters

PROGRAM = """
import store
assert store.get("a") == "one", store.get("a")
store.put("b", "two")
"""


def threads():
    """The names of the process's threads, but for Python's own, with their numbers."""
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


def on_a_thread():
    import store

    store.put("a", "one")


thread = threading.Thread(target=on_a_thread)
thread.start()
thread.join()

import store

spec = importlib.util.spec_from_file_location("store_again", store.__file__)
again = importlib.util.module_from_spec(spec)
spec.loader.exec_module(again)
assert again.get("a") == "one"

interpreter = interpreters.create()
interpreters.run_string(interpreter, PROGRAM)
interpreters.destroy(interpreter)
# The subinterpreter's end was not the library's.
assert store.get("a") == "one"
assert store.get("b") == "two"


async def wait():
    for _ in range(3):
        try:
            await store.wait_for("never", 1)
        except store.Fault.TooLate:
            pass


asyncio.run(wait())
# The boot thread may be on its way out, and a worker may not have taken its own name yet.
while "store-boot" in threads():
    time.sleep(0.001)
print(*threads())
