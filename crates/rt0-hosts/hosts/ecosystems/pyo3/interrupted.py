"""Ctrl-C ends a wait in Rust."""

import os
import signal
import threading

import shop

# A shell has its background jobs ignore it, and so would Python.
signal.signal(signal.SIGINT, signal.default_int_handler)
shop.put("a", "x")
try:
    # If the machine is slow, the signal comes before the wait, and ends it all the same.
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    shop.wait_for_sync("never")
except KeyboardInterrupt:
    print("interrupted")
