"""What the calls raise. Written by cargo rt0 bindings."""

from __future__ import annotations


class Error(Exception):
    """A call failed. `code` says why as a number, `text` in words."""

    code: int = 0
    text: str

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        if code is not None:
            self.code = code

    def __reduce__(self) -> tuple[type[Error], tuple[str, int]]:
        return (type(self), (self.text, self.code))


class LibraryError(Error):
    """The library's own error: its code is positive."""

    code = 1


class BusyError(LibraryError):
    """It is BUSY."""

    code = 4


class NoPlaceError(LibraryError):
    """It is NO_PLACE."""

    code = 5


class CodesError(LibraryError):
    """It is CODES."""

    code = 6


class NotReadyError(Error):
    """The library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it)."""

    code = -1


class BootFailedError(Error):
    """The library failed to start; the error text says why."""

    code = -2


class PanickedError(Error):
    """The call panicked inside the library; the library keeps working."""

    code = -3


class CalledFromBootError(Error):
    """Called from the library's own start-up, which would deadlock; call it after start-up."""

    code = -4


class WouldDeadlockError(Error):
    """The call would deadlock; make it from another thread, outside the library's own calls."""

    code = -5


class ForkedError(Error):
    """This process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first."""

    code = -6


class StoppedError(Error):
    """The library is shutting down or has stopped; call again after the shutdown."""

    code = -7


class InvalidArgumentError(Error):
    """An argument is not valid; the error text names it."""

    code = -8


class InvalidUtf8Error(Error):
    """A text argument is not valid UTF-8; the error text names it."""

    code = -9


class InvalidHandleError(Error):
    """A handle is not open in this library: it was closed, is of another type, or is from before the last start."""

    code = -10


class NotStartedError(Error):
    """The library was not started; call its start function first."""

    code = -11


class NoThreadError(Error):
    """The operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread."""

    code = -12


class NoBootEntryError(Error):
    """The library was built without a boot function; its author must set one."""

    code = -13


class NotNotifiedError(Error):
    """The library's boot function returned without reporting whether start-up is done; its author must report it."""

    code = -14


class TimedOutError(Error):
    """The operation did not finish before its deadline; the error text says what holds it up."""

    code = -15


class HandleBusyError(Error):
    """A handle is in use by another call; call again when that call has returned."""

    code = -16


class NoMemoryError(Error):
    """There is not enough memory for the call; free some and call again."""

    code = -17


class EndedBadlyError(Error):
    """The library was shut down, but part of the shutdown failed; the error text says what."""

    code = -18


class RuntimeLostError(Error):
    """The library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again."""

    code = -19


class CancelledError(Error):
    """The operation was cancelled before it was done."""

    code = -20


class Rt0BusyError(Error):
    """The queue is at its limit; take tags from it, then begin again."""

    code = -21


class NotDoneError(Error):
    """The operation is not done yet; wait for its tag or with the library's op_wait, then call again."""

    code = -22


CLASSES: dict[int, type[Error]] = {
    4: BusyError,
    5: NoPlaceError,
    6: CodesError,
    -1: NotReadyError,
    -2: BootFailedError,
    -3: PanickedError,
    -4: CalledFromBootError,
    -5: WouldDeadlockError,
    -6: ForkedError,
    -7: StoppedError,
    -8: InvalidArgumentError,
    -9: InvalidUtf8Error,
    -10: InvalidHandleError,
    -11: NotStartedError,
    -12: NoThreadError,
    -13: NoBootEntryError,
    -14: NotNotifiedError,
    -15: TimedOutError,
    -16: HandleBusyError,
    -17: NoMemoryError,
    -18: EndedBadlyError,
    -19: RuntimeLostError,
    -20: CancelledError,
    -21: Rt0BusyError,
    -22: NotDoneError,
}


def error_of(code: int, text: str) -> Error:
    return CLASSES.get(code, LibraryError if code > 0 else Error)(text, code)
