"""Forks with the library loaded, like servers that load before they fork: a pool of workers, and one
that ends with an exit code of its own."""

import ctypes
import multiprocessing
import os
import sys
import threading

lib = ctypes.CDLL(sys.argv[1])


def look(_):
    return lib.probe_fork_child(), lib.probe_generation(), lib.probe_init_pid() == os.getpid()


if lib.probe_ping() != 1:
    sys.exit("ping")

done = threading.Event()


def call_on():
    while not done.is_set():
        look(0)


# The parent's other threads call while it forks.
busy = [threading.Thread(target=call_on) for _ in range(4)]
for thread in busy:
    thread.start()
with multiprocessing.get_context("fork").Pool(4) as pool:
    print(sorted(set(pool.map(look, range(40), chunksize=1))), flush=True)
done.set()
for thread in busy:
    thread.join()

child = os.fork()
if child == 0:
    print(look(0), flush=True)
    sys.exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(look(0))
