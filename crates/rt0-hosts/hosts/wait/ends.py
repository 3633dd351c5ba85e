"""Ends while the library's threads call back, with the shutdown registered: `ends.py LIB CODE`."""

import atexit
import ctypes
import sys
import time

path, code = sys.argv[1:]
lib = ctypes.CDLL(path)
called = 0


@ctypes.CFUNCTYPE(None)
def back():
    global called
    called += 1
    time.sleep(0.0005)


# ctypes.CDLL releases the interpreter for the callbacks meanwhile.
atexit.register(lambda: print("shutdown", lib.probe_shutdown(10000)))
if lib.probe_keep_busy(back, None) != 0:
    sys.exit("keep_busy")
while called < 8:
    time.sleep(0.001)
sys.exit(int(code))
