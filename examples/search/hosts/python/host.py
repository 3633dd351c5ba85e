#!/usr/bin/env python3
"""Searches a directory through the library's own Python package, which `cargo rt0 bindings` has written.

    SEARCH_DIR=some/directory PYTHONPATH=bindings/python python3 host.py [QUERY...]

The package finds the library beside its own files (`--bundle`) or by SEARCH_LIBRARY. Every line of the output begins
with "python:".
"""

import asyncio
import sys
import time

BEST = 5
STANDARD_QUERIES = ["runtime", "error AND thread", '"the library"']


def say(text):
    print("python: " + text)


def show_ms(what, ns):
    say("%-18s %10.3f ms" % (what, ns / 1e6))


def timed(work):
    begun = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - begun


def show(queries):
    begun = time.perf_counter_ns()
    import search

    show_ms("loaded in", time.perf_counter_ns() - begun)

    # The first call waits until the library is ready. The second has nothing to wait for.
    first = timed(lambda: search.search(queries[0], BEST).close())
    again = timed(lambda: search.search(queries[0], BEST).close())
    # The moments of the library's start, from its report, as times since the load.
    moments = search.report()["timeline_ns"]
    show_ms("runtime up after", moments["runtime"])
    show_ms("index ready after", moments["ready"])
    show_ms("first call waited", first)
    show_ms("same call again", again)
    stats = search.stats()
    say(
        "%d documents with %.0f kB of text; left out: %d binary, %d too large, %d unreadable"
        % (
            stats.documents,
            stats.bytes_ / 1e3,
            stats.skipped_binary,
            stats.skipped_too_large,
            stats.skipped_unreadable,
        )
    )
    for query in queries:
        try:
            with search.search(query, BEST) as results:
                say("%s: %d hits" % (query, results.total()))
                for index in range(results.len()):
                    say("  %6.2f  %s" % (results.score(index), results.path(index)))
        except search.QueryError as error:
            say("%s: %s" % (query, error))
    asyncio.run(lines(search, queries[0]))


async def lines(search, query):
    """An async export, with a time: it gives the lines that it has found until then."""
    word = query.split()[0].strip('"')
    with await search.lines(query, word, 2, timeout=10) as found:
        progress = found.progress()
        say("%d lines with %r, in %d of %d files read" % (progress.lines, word, progress.files_read, progress.files))
        for index in range(progress.lines):
            say("  " + found.text(index))


def main():
    # Don't fail on a path that the terminal can't show.
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        show(sys.argv[1:] or STANDARD_QUERIES)
    except ImportError as error:
        sys.exit("python: %s" % error)


if __name__ == "__main__":
    main()
