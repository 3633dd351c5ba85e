"""Runs gunicorn with --preload and three workers, asks each of them over HTTP, kills one, asks the one in
its place, and stops gunicorn as its users do. Prints one line of JSON for each worker's answer.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

WORKERS = 3
PATIENCE = 40
APP = os.environ.get("PREFORK_APP", "prefork_app:app")


def ask(port, seen):
    url = "http://127.0.0.1:%d/" % port
    with urllib.request.urlopen(url, timeout=PATIENCE) as response:
        answer = json.load(response)
    seen[answer["pid"]] = answer


def ask_until(port, seen, count):
    """Sends concurrent requests until this many workers have answered."""
    for _ in range(100):
        if len(seen) >= count:
            return
        threads = [threading.Thread(target=ask, args=(port, seen)) for _ in range(2 * WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    sys.exit("%d of %d workers have answered" % (len(seen), count))


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    port = listener.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--preload", "--no-control-socket"]
    command += ["--workers", str(WORKERS), "--bind", "fd://%d" % listener.fileno()]
    command += ["--worker-tmp-dir", "/dev/shm", "--log-level", "critical", APP]
    server = subprocess.Popen(command, pass_fds=[listener.fileno()])
    listener.close()
    seen = {}
    try:
        ask_until(port, seen, WORKERS)
        # gunicorn forks another one, from a parent that has continued meanwhile.
        os.kill(min(seen), signal.SIGKILL)
        ask_until(port, seen, WORKERS + 1)
        server.send_signal(signal.SIGTERM)
        code = server.wait(PATIENCE)
    finally:
        server.kill()
    for answer in seen.values():
        print(json.dumps({"parent": server.pid, **answer}))
    print(json.dumps({"exit": code}))


main()
