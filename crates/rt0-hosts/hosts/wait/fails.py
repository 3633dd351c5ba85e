"""Calls a library whose start-up fails: its code, its text, the thread's last error, another call."""

import ctypes
import sys

lib = ctypes.CDLL(sys.argv[1])
lib.probe_fail.argtypes = [ctypes.POINTER(ctypes.c_void_p)]
lib.probe_free.argtypes = [ctypes.c_void_p]
lib.probe_last_error.restype = ctypes.c_char_p

err = ctypes.c_void_p()
print(lib.probe_fail(ctypes.byref(err)))
print(ctypes.string_at(err.value).decode())
print(lib.probe_last_error().decode())
if lib.probe_free(err) != 0:
    sys.exit("free")
print(lib.probe_ping())
sys.exit(6)
