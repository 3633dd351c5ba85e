"""Forks workers by multiprocessing and by concurrent.futures, which both use the library as their parent
has loaded it. Prints one line of JSON for each answer.
"""

import concurrent.futures
import json
import multiprocessing
import os

import prefork_app

WORKERS = 3
TASKS = 12
PARENT = os.getpid()


def work(_):
    return prefork_app.answer()


def say(kind, answers):
    for answer in answers:
        print(json.dumps({"kind": kind, "parent": PARENT, **answer}), flush=True)


def main():
    context = multiprocessing.get_context("fork")
    with context.Pool(WORKERS) as pool:
        say("pool", pool.map(work, range(TASKS), chunksize=1))
        pool.close()
        pool.join()
    with concurrent.futures.ProcessPoolExecutor(WORKERS, mp_context=context) as executor:
        say("executor", executor.map(work, range(TASKS)))
    process = context.Process(target=lambda: say("process", [work(0)]))
    process.start()
    process.join()
    assert process.exitcode == 0, process.exitcode
    say("parent", [work(0)])


main()
