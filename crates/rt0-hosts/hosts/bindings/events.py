"""A host that hears of the library's events, through the generated bindings."""

import threading
import time

import herald

heard = []
herald.events(3, lambda *event: heard.append(event))
herald.every_level()
# When this returns, the former handler has been told everything.
herald.events(0, None)
herald.every_level()
assert (2, "elsewhere", "a warning", "outer:inner") in heard, heard
levels = [event[0] for event in heard if "news" in event[2] or "an error" in event[2]]
assert sorted(levels) == [1, 3], heard
assert not any("a trace" in event[2] for event in heard), heard


# A handler that asks for another would wait for itself, also while another thread waits for it.
refused = []
inside = threading.Event()


def asks(*_):
    inside.set()
    # If this thread had to wait for the other, it would do so now.
    time.sleep(0.02)
    try:
        herald.events(0, None)
    except herald.WouldDeadlockError as error:
        refused.append(error)


for _ in range(3):
    refused.clear()
    inside.clear()
    herald.events(1, asks)
    herald.every_level()
    inside.wait()
    herald.events(0, None)
    assert refused

# Many threads at once: what the library calls is there.
threads = [threading.Thread(target=lambda: [herald.events(1, lambda *_: None) for _ in range(50)]) for _ in range(4)]
for thread in threads:
    thread.start()
while any(thread.is_alive() for thread in threads):
    herald.every_level()
herald.events(0, None)
try:
    herald.events(9, print)
except herald.InvalidArgumentError:
    print("right")
