"""What gunicorn serves: each request uses the library, and says which process answered."""

import json
import os
import time

import shop

shop.put("parent", "x")


def app(environ, start_response):
    # So that one worker does not answer all requests.
    time.sleep(0.05)
    shop.put("a", "x")
    body = json.dumps({"pid": os.getpid(), "own": shop.get("parent") is None}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
