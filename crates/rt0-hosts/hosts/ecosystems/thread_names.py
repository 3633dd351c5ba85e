"""The names of this process's threads."""

import os
import time

# The name of the first one, and of those that Python makes.
with open("/proc/self/comm") as file:
    PYTHON = file.read().strip()


def threads():
    """All names, with the workers' numbers."""
    names = []
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/comm") as file:
                names.append(file.read().strip())
        except OSError:
            # It has ended.
            pass
    return sorted(names)


def booted(library):
    """The same when the library's boot is over: its thread may be on its way out, and a worker has its name until it
    takes one of its own.
    """
    while f"{library}-boot" in threads():
        time.sleep(0.001)
    return threads()
