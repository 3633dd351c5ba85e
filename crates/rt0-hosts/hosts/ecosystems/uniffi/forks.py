"""Children of a process that has used the library: by fork, in both pools. Each has a library of its own, which
waits on its own runtime."""

import asyncio
import concurrent.futures
import multiprocessing
import os
import sys

import store


async def wait():
    try:
        await store.wait_for("never", 2)
    except store.Fault.TooLate:
        pass
    waiting = asyncio.create_task(store.wait_for("c", 600000))
    await asyncio.sleep(0)
    store.put("c", "child")
    return await waiting


def work(number):
    inherited = store.get("parent")
    store.put("own", str(number))
    return (inherited, store.get("own") == str(number), asyncio.run(wait()))


def child():
    right = work(0) == (None, True, "child")
    # As Python itself would: with what `atexit` has.
    sys.exit(0 if right else 9)


def main():
    store.put("parent", "x")
    asyncio.run(wait())
    pid = os.fork()
    if pid == 0:
        child()
    _, status = os.waitpid(pid, 0)
    print("fork", os.waitstatus_to_exitcode(status))
    context = multiprocessing.get_context("fork")
    with context.Pool(3) as pool:
        print("pool", set(pool.map(work, range(12))))
    with concurrent.futures.ProcessPoolExecutor(3, mp_context=context) as pool:
        print("executor", set(pool.map(work, range(12))))
    print("parent", store.get("parent"))


if __name__ == "__main__":
    main()
