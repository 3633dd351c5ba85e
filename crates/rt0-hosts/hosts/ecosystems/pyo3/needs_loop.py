"""What init imports: it ends when the event loop says so."""

import waits_for_init

waits_for_init.entered.set()
assert waits_for_init.go.wait(60), "the event loop does not run"
