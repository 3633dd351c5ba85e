"""Imports twice, from a thread, and in a subinterpreter, whose end leaves the library alone."""

import importlib
import sys
import threading

modules = []
thread = threading.Thread(target=lambda: modules.append(importlib.import_module("shop")))
thread.start()
thread.join()

import shop

assert modules == [shop]
assert shop.put("a", "one") == 1
importlib.reload(shop)
for name in ("shop", "shop.shop"):
    del sys.modules[name]
again = importlib.import_module("shop")
assert again.get("a") == "one"

try:
    import _xxsubinterpreters as interpreters
except ImportError:
    sys.exit(0)
other = interpreters.create()
code = """
try:
    import shop
except ImportError as error:
    assert "subinterpreter" in str(error), error
else:
    raise AssertionError("imported in a subinterpreter")
"""
interpreters.run_string(other, code)
interpreters.destroy(other)
assert again.put("b", "two") == 2
