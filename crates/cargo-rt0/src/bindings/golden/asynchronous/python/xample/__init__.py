"""xample 1.2.3, by its own description."""

# Written by cargo rt0 bindings from xample: a change here is lost when it is written again.

from __future__ import annotations

import os as _os
import sys as _sys
import threading as _threading
from ctypes import byref as _byref
from ctypes import c_bool as _c_bool
from ctypes import c_char as _c_char
from ctypes import c_double as _c_double
from ctypes import c_float as _c_float
from ctypes import c_int8 as _c_int8
from ctypes import c_int16 as _c_int16
from ctypes import c_int32 as _c_int32
from ctypes import c_int64 as _c_int64
from ctypes import c_size_t as _c_size_t
from ctypes import c_ssize_t as _c_ssize_t
from ctypes import c_uint8 as _c_uint8
from ctypes import c_uint16 as _c_uint16
from ctypes import c_uint32 as _c_uint32
from ctypes import c_uint64 as _c_uint64
from ctypes import c_void_p as _c_void_p
from types import TracebackType as _TracebackType
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any
from typing import Callable as _Callable
from typing import MutableSequence as _MutableSequence
from typing import Sequence as _Sequence
from typing import cast as _cast

from . import _library
from ._callbacks import either as _either
from ._callbacks import enter as _enter
from ._callbacks import enter_bare as _enter_bare
from ._callbacks import function as _function
from ._callbacks import keep as keep
from ._callbacks import leave as _leave
from ._errors import Error as Error
from ._errors import LibraryError as LibraryError
from ._errors import NotReadyError as NotReadyError
from ._errors import BootFailedError as BootFailedError
from ._errors import PanickedError as PanickedError
from ._errors import CalledFromBootError as CalledFromBootError
from ._errors import WouldDeadlockError as WouldDeadlockError
from ._errors import ForkedError as ForkedError
from ._errors import StoppedError as StoppedError
from ._errors import InvalidArgumentError as InvalidArgumentError
from ._errors import InvalidUtf8Error as InvalidUtf8Error
from ._errors import InvalidHandleError as InvalidHandleError
from ._errors import NotStartedError as NotStartedError
from ._errors import NoThreadError as NoThreadError
from ._errors import NoBootEntryError as NoBootEntryError
from ._errors import NotNotifiedError as NotNotifiedError
from ._errors import TimedOutError as TimedOutError
from ._errors import HandleBusyError as HandleBusyError
from ._errors import NoMemoryError as NoMemoryError
from ._errors import EndedBadlyError as EndedBadlyError
from ._errors import RuntimeLostError as RuntimeLostError
from ._errors import CancelledError as CancelledError
from ._errors import BusyError as BusyError
from ._errors import NotDoneError as NotDoneError
from ._library import check as _check
from ._library import failure as _failure
from ._library import milliseconds as _milliseconds
from ._library import report as report
from ._library import shutdown as shutdown
from ._library import start as start
from ._library import text as _text
from ._library import wait as wait
from ._library import x_size as _x_size
from ._library import x_rest_begin as _x_rest_begin
from ._library import x_rest_end as _x_rest_end
from ._library import x_rest as _x_rest
from ._library import x_fetch_begin as _x_fetch_begin
from ._library import x_fetch_end as _x_fetch_end
from ._library import x_fetch as _x_fetch
from ._memory import SIZE as _SIZE
from ._memory import SSIZE as _SSIZE
from ._memory import bytes_of as _bytes_of
from ._memory import elements as _elements
from ._memory import list_of as _list_of
from ._memory import numbers_of as _numbers_of
from ._memory import reading as _reading
from ._memory import reading_bytes as _reading_bytes
from ._memory import structs as _structs
from ._memory import structs_of as _structs_of
from ._memory import utf8 as _utf8
from ._memory import writing as _writing
from ._ops import run as _run
from ._types import _SIZE_MAX, _SSIZE_MAX, _integer, _within
from ._types import State as State

if _TYPE_CHECKING:
    from typing_extensions import Buffer as _Buffer

__version__ = "1.2.3"
__all__ = [
    "BootFailedError",
    "BusyError",
    "CalledFromBootError",
    "CancelledError",
    "Cursor",
    "EndedBadlyError",
    "Error",
    "ForkedError",
    "HandleBusyError",
    "InvalidArgumentError",
    "InvalidHandleError",
    "InvalidUtf8Error",
    "LibraryError",
    "NoBootEntryError",
    "NoMemoryError",
    "NoThreadError",
    "NotDoneError",
    "NotNotifiedError",
    "NotReadyError",
    "NotStartedError",
    "PanickedError",
    "RuntimeLostError",
    "State",
    "StoppedError",
    "TimedOutError",
    "WouldDeadlockError",
    "events",
    "fetch",
    "fetch_sync",
    "keep",
    "report",
    "rest",
    "rest_sync",
    "shutdown",
    "size",
    "start",
    "state",
    "wait",
]


def state() -> State:
    """What the library is doing."""
    return State(_library._state())


def events(level: int, handler: _Callable[[int, str, str, str], object] | None) -> None:
    """Has `handler` called for each event of the library, up to this level: 1 errors, 2 warnings, 3 information,
    4 debugging, 5 traces. It gets the level, the target, the text, and the names of the spans around it. None ends that.
    """
    if _EventPlace.telling == _threading.get_ident():
        # The library refuses it. Whoever has the lock may be waiting for the handler that asks.
        _check(_library.events(level, None, None))
        return
    with _EventPlace.lock:
        _event_place = None if handler is None else _EventPlace(handler)
        _check(_library.events(level, None if _event_place is None else _event_place.thunk, None))
        _EventPlace.current = _event_place


class _EventPlace:
    """What C calls for each event."""

    current: _EventPlace | None = None
    # For this one. What the library was told last must be what stays.
    lock = _threading.RLock()
    # The thread that is telling of an event now.
    telling: int | None = None

    def __init__(self, handler: _Callable[[int, str, str, str], object]) -> None:
        from ctypes import CFUNCTYPE, c_char_p

        def event(_user: _Any, level: int, target: bytes, text: bytes, spans: bytes) -> None:
            _EventPlace.telling = _threading.get_ident()
            try:
                handler(level, target.decode(), text.decode(), spans.decode())
            finally:
                _EventPlace.telling = None

        self.thunk = CFUNCTYPE(None, _c_void_p, _c_int32, c_char_p, c_char_p, c_char_p)(event)

    @classmethod
    def forked(cls) -> None:
        """Another thread of the parent's may have had the lock, or be telling."""
        cls.lock = _threading.RLock()
        cls.telling = None


if hasattr(_os, "register_at_fork"):
    _os.register_at_fork(after_in_child=_EventPlace.forked)


class Cursor:
    """A place in a list."""

    # Made by the library only. The number is never used twice, so one that is closed is an error and nothing else.
    __slots__ = ("_handle", "_open", "_forks", "__weakref__")

    def __init__(self, handle: int | None) -> None:
        self._handle = handle
        self._open = True
        self._forks = _library.forks

    def close(self) -> None:
        """Closes it; the end of a `with` does, and the collector at the latest. A second time does nothing."""
        if self._open:
            self._open = False
            if self._forks == _library.forks:
                code = _library.x_Cursor_free(self._handle)
                if code == -16:
                    self._open = True
                # It is gone already, or goes with the library.
                if code not in (0, -10, -7):
                    _check(code)

    def __enter__(self) -> Cursor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: _TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if self._open and not _library.ended and self._forks == _library.forks:
            _library.x_Cursor_free(self._handle)


def size() -> int:
    """How many.

    It raises nothing: it gives `-1` if the library is not ready or the call panics.
    """
    _given: int = _x_size()
    return _given


async def rest(*, timeout: float | None = None) -> None:
    """`timeout` is in seconds; None: no limit. A task that is cancelled cancels it."""
    _ms = _milliseconds(timeout)
    _op = await _run(
        lambda _queue, _tag, _place, _err: (
            _x_rest_begin(_ms, _queue, _tag, _place, _err)
        ),
        (),
    )
    _err = _c_void_p()
    _code = _x_rest_end(_op, _byref(_err))
    if _code:
        raise _failure(_code, _err)


def rest_sync() -> None:
    """It waits until it is done."""
    _err = _c_void_p()
    _code = _x_rest(_byref(_err))
    if _code:
        raise _failure(_code, _err)


async def fetch(url: str, queue: int, ms: int, at: Cursor | None, last: Cursor, *, timeout: float | None = None) -> str | None:
    """Fetches a page.

    It closes `last`.

    `timeout` is in seconds; None: the library's own, 5000 ms. A task that is cancelled cancels it.
    """
    _in_url = _utf8(url, "url")
    if queue.__class__ is not int or not -2147483648 <= queue <= 2147483647:
        queue = _integer(queue, -2147483648, 2147483647, "queue")
    if ms.__class__ is not int or not -2147483648 <= ms <= 2147483647:
        ms = _integer(ms, -2147483648, 2147483647, "ms")
    _ms = _milliseconds(timeout)
    _op = await _run(
        lambda _queue, _tag, _place, _err: (
            _x_fetch_begin(_in_url, len(_in_url), queue, ms, None if at is None else at._handle, last._handle, _ms, _queue, _tag, _place, _err)
        ),
        (at, last, ),
    )
    _out = _c_void_p()
    _len = _c_size_t()
    _err = _c_void_p()
    _code = _x_fetch_end(_op, _byref(_out), _byref(_len), _byref(_err))
    if _code:
        raise _failure(_code, _err)
    last._open = False
    return _text(_out, _len) if _out.value else None


def fetch_sync(url: str, queue: int, ms: int, at: Cursor | None, last: Cursor) -> str | None:
    """Fetches a page.

    It closes `last`.

    It waits until it is done.
    """
    _in_url = _utf8(url, "url")
    if queue.__class__ is not int or not -2147483648 <= queue <= 2147483647:
        queue = _integer(queue, -2147483648, 2147483647, "queue")
    if ms.__class__ is not int or not -2147483648 <= ms <= 2147483647:
        ms = _integer(ms, -2147483648, 2147483647, "ms")
    _out = _c_void_p()
    _len = _c_size_t()
    _err = _c_void_p()
    _code = _x_fetch(_in_url, len(_in_url), queue, ms, None if at is None else at._handle, last._handle, _byref(_out), _byref(_len), _byref(_err))
    if _code:
        raise _failure(_code, _err)
    last._open = False
    return _text(_out, _len) if _out.value else None


def _rename() -> None:
    """Classes are shown, and pickled, as what they are to users."""
    for name in __all__:
        public = globals()[name]
        if isinstance(public, type):
            public.__module__ = __name__


_rename()
