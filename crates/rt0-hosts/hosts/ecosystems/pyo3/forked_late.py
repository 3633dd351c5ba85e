"""A child that is forked when the library has ended with the interpreter: its own interpreter has not ended, and its
own library calls back."""

import atexit
import ctypes
import os
import threading


# Registered before the import, so it runs after the library's end.
@atexit.register
def last():
    # Not `os.fork`, which Python 3.12 and later refuse here.
    child = ctypes.PyDLL(None).fork()
    if child == 0:
        told = threading.Event()
        shop.watch(lambda key, what: told.set())
        shop.put("a", "x")
        told.wait()
        os._exit(7)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status))


import shop

shop.put("a", "x")
