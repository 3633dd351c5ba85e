"""The library in one process several times: on a thread, as a second module, in a subinterpreter. It boots once and
has one runtime."""

import asyncio
import importlib.util
import os
import sys
import threading

import _xxsubinterpreters as interpreters

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from thread_names import PYTHON, booted

PROGRAM = """
import store
assert store.get("a") == "one", store.get("a")
store.put("b", "two")
"""


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
print(*[name for name in booted("store") if name != PYTHON])
