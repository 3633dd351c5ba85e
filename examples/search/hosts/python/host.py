#!/usr/bin/env python3
"""Loads the search library into Python, and calls it at once.

    SEARCH_DIR=some/directory python3 host.py path/to/libsearch.so [QUERY...]

It needs only Python 3.8. Every line of its output begins with "python:".
"""

import atexit
import ctypes
import json
import sys
import time
from ctypes import POINTER, byref, c_char_p, c_float, c_int32, c_size_t, c_uint32, c_uint64, c_void_p

BEST = 5
SHUTDOWN_MS = 10_000
STANDARD_QUERIES = ["runtime", "error AND thread", '"the library"']


class Stats(ctypes.Structure):
    """search_Stats in search.h."""

    _fields_ = [
        (name, c_uint64)
        for name in (
            "documents",
            "bytes",
            "index_bytes",
            "skipped_binary",
            "skipped_too_large",
            "skipped_unreadable",
            "opening_ns",
        )
    ]


class SearchError(Exception):
    """A call failed; the text is the library's."""


class Search:
    """The library's calls as Python methods."""

    def __init__(self, path):
        self.lib = ctypes.CDLL(path)
        # Owned texts are declared as c_void_p: ctypes would turn a c_char_p into bytes and lose the pointer.
        self._declare("search", c_int32, c_char_p, c_size_t, c_uint32, POINTER(c_void_p))
        self._declare("results_path", c_int32, c_void_p, c_uint32, POINTER(c_void_p), POINTER(c_size_t))
        self._declare("results_score", c_int32, c_void_p, c_uint32, POINTER(c_float))
        self._declare("stats", c_int32, POINTER(Stats))
        for name, result, *parameters in (
            ("results_total", c_uint64, c_void_p),
            ("results_len", c_uint32, c_void_p),
            ("Results_free", c_int32, c_void_p),
            ("report", c_void_p),
            ("shutdown", c_int32, c_int32),
            ("last_error", c_char_p),
            ("free", c_int32, c_void_p),
        ):
            function = getattr(self.lib, "search_" + name)
            function.restype, function.argtypes = result, parameters
        # Python ends before the process does. This library never calls back, so it does not need this
        # shutdown; a library that calls back must have it.
        atexit.register(self.lib.search_shutdown, SHUTDOWN_MS)

    def _declare(self, name, result, *parameters):
        """Declares a call whose last parameter is the error's text."""
        function = getattr(self.lib, "search_" + name)
        function.restype, function.argtypes = result, [*parameters, POINTER(c_void_p)]

    def _text(self, owned):
        """Returns the text behind an owned pointer, and frees the pointer."""
        try:
            return ctypes.string_at(owned).decode()
        finally:
            self.lib.search_free(owned)

    def _last_error(self):
        return self.lib.search_last_error().decode()

    def _call(self, name, *arguments):
        error = c_void_p()
        code = getattr(self.lib, "search_" + name)(*arguments, byref(error))
        if code != 0:
            text = self._text(error) if error else self._last_error()
            raise SearchError("search_%s failed with %d: %s" % (name, code, text))

    def search(self, query, limit=BEST):
        """Returns the number of hits, and the best of them as (path, score)."""
        text = query.encode()
        results = c_void_p()
        self._call("search", text, len(text), limit, byref(results))
        try:
            total = self.lib.search_results_total(results)
            length = self.lib.search_results_len(results)
            return total, [self._hit(results, index) for index in range(length)]
        finally:
            if self.lib.search_Results_free(results) != 0:
                raise SearchError("search_Results_free failed: " + self._last_error())

    def _hit(self, results, index):
        score, path = c_float(), c_void_p()
        self._call("results_score", results, index, byref(score))
        self._call("results_path", results, index, byref(path), None)
        return self._text(path), score.value

    def stats(self):
        stats = Stats()
        self._call("stats", byref(stats))
        return stats

    def report(self):
        owned = self.lib.search_report()
        if not owned:
            raise SearchError("search_report failed: " + self._last_error())
        return json.loads(self._text(owned))

    def shutdown(self):
        """A host may leave this out: the library stops on its own, at Python's end at the latest."""
        code = self.lib.search_shutdown(SHUTDOWN_MS)
        if code != 0:
            raise SearchError("search_shutdown failed with %d: %s" % (code, self._last_error()))


def say(text):
    print("python: " + text)


def show_ms(what, ns):
    say("%-18s %10.3f ms" % (what, ns / 1e6))


def timed(work):
    begun = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - begun


def show(path, queries):
    begun = time.perf_counter_ns()
    search = Search(path)
    show_ms("loaded in", time.perf_counter_ns() - begun)

    # The first call waits until the library is ready. The second has nothing to wait for.
    first = timed(lambda: search.search(queries[0]))
    again = timed(lambda: search.search(queries[0]))
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
            stats.bytes / 1e3,
            stats.skipped_binary,
            stats.skipped_too_large,
            stats.skipped_unreadable,
        )
    )
    for query in queries:
        total, hits = search.search(query)
        say("%s: %d hits" % (query, total))
        for hit, score in hits:
            say("  %6.2f  %s" % (score, hit))
    search.shutdown()


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: host.py path/to/libsearch.so [QUERY...]")
    # Don't fail on a path that the terminal can't show.
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        show(sys.argv[1], sys.argv[2:] or STANDARD_QUERIES)
    except (SearchError, OSError, AttributeError) as error:
        sys.exit("python: %s" % error)


if __name__ == "__main__":
    main()
