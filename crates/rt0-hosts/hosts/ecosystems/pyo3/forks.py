"""Forks after the library was used, in every way that Python has. Each child boots its own."""

import asyncio
import concurrent.futures
import multiprocessing
import os
import sys

import shop

WORKERS = 3
TASKS = 12


async def waits(key):
    return await shop.wait_for(key)


def work(number):
    """Sync, async and callbacks in the child: the number of texts there, and who it is."""
    key = f"{os.getpid()} {number}"
    shop.watch(lambda key, what: None)
    count = shop.put(key, "x")
    assert shop.get("parent") is None, "the child has the parent's engine"
    assert asyncio.run(waits(key)) == "x"
    return os.getpid(), count


def main():
    shop.watch(lambda key, what: None)
    shop.put("parent", "x")
    context = multiprocessing.get_context("fork")
    with context.Pool(WORKERS) as pool:
        done = pool.map(work, range(TASKS), chunksize=1)
        pool.close()
        pool.join()
    assert len(done) == TASKS and os.getpid() not in dict(done)
    with concurrent.futures.ProcessPoolExecutor(WORKERS, mp_context=context) as executor:
        done = list(executor.map(work, range(TASKS)))
    assert len(done) == TASKS and os.getpid() not in dict(done)
    child = os.fork()
    if child == 0:
        work(0)
        # With atexit.
        sys.exit(7)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7, status
    assert shop.get("parent") == "x"


main()
