"""32 threads call at once, and init needs the GIL. They wait without it, or the boot would never end."""

import threading

import shop

THREADS = 32
together = threading.Barrier(THREADS)
counts = []


def call(number):
    together.wait()
    counts.append(shop.put(str(number), "x"))


threads = [threading.Thread(target=call, args=(number,)) for number in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sorted(counts) == list(range(1, THREADS + 1)), counts
