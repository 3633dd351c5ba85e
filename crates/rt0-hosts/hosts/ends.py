"""Ends while the library's threads call back: `ends.py LIB HOW CODE`.

HOW: `atexit` registers the shutdown, and frees the lock while it waits; `held` keeps the lock; `nothing`
leaves it to the process.
"""

import atexit
import ctypes
import sys
import time

path, how, code = sys.argv[1:]
lib = ctypes.CDLL(path)
called = 0


@ctypes.CFUNCTYPE(None)
def back():
    global called
    called += 1
    time.sleep(0.0005)


if how == "atexit":
    atexit.register(lambda: print("shutdown", lib.probe_shutdown(10000)))
elif how == "held":
    atexit.register(lambda: print("shutdown", ctypes.PyDLL(path).probe_shutdown(2000)))
if lib.probe_keep_busy(back, None) != 0:
    sys.exit("keep_busy")
while called < 8:
    time.sleep(0.001)
sys.exit(int(code))
