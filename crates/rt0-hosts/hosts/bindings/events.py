"""A host that hears of the library's events, through the generated bindings."""

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
try:
    herald.events(9, print)
except herald.InvalidArgumentError:
    print("right")
