"""What gunicorn serves: each request searches, and says which process answered.

gunicorn imports this before it forks (--preload), so the library is loaded in the parent; with
SEARCH_FIRST=1 it is used there, too.
"""

import json
import os
import time

import search

QUERY = "engine"
BEST = 5


def answer():
    """What this process finds, and with which boot of the library."""
    with search.search(QUERY, BEST) as results:
        total = results.total()
    report = search.report()
    return {
        "pid": os.getpid(),
        "total": total,
        "generation": report["generation"],
        "fork_child": report["fork_child"],
        "of": report["pid"],
    }


def alone(seconds=20):
    """Whether this process gets down to one thread."""
    end = time.monotonic() + seconds
    while len(os.listdir("/proc/self/task")) != 1:
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


parent = answer() if os.environ.get("SEARCH_FIRST") == "1" else None
if os.environ.get("RT0_START") == "quiet":
    assert alone(), "the library has left a thread behind"


def app(environ, start_response):
    # So that one worker does not answer all requests.
    time.sleep(0.05)
    body = json.dumps(answer()).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
