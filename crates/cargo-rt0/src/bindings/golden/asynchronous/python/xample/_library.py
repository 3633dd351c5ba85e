"""Finds and loads the library, and its functions as ctypes sees them. Written by cargo rt0 bindings."""

from __future__ import annotations

import atexit
import ctypes
import ctypes.util
import os
import sys
from ctypes import POINTER as _POINTER
from ctypes import byref
from ctypes import c_bool as _c_bool
from ctypes import c_char as _c_char
from ctypes import c_char_p as _c_char_p
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
from typing import Any, Callable

from ._errors import Error, error_of

_ABI = 2
_VARIABLE = "X_LIBRARY"
_FILE = {
    "win32": "xample.dll",
    "cygwin": "xample.dll",
    "darwin": "libxample.dylib",
}.get(sys.platform, "libxample.so")
_BESIDE = ["libxample.so", _FILE]


def _load() -> ctypes.CDLL:
    """Beside this file, then where the variable says, then as the system does."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name in _BESIDE:
        path = os.path.join(here, name)
        if os.path.exists(path):
            return _open(path, f"the library beside {__package__}")
    path = os.environ.get(_VARIABLE, "")
    if path:
        return _open(path, f"the library that {_VARIABLE} names")
    try:
        return ctypes.CDLL(_FILE)
    except OSError as error:
        found = ctypes.util.find_library("xample")
        if found:
            return _open(found, "the library that the system has")
        raise ImportError(
            f"{__package__}: there is no {_FILE} beside {here}, {_VARIABLE} is not set, and the system says: "
            f"{error}. Set {_VARIABLE} to the library's file, or put the file there."
        ) from error


def _open(path: str, what: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"{__package__}: {what} can't be loaded: {error}", path=path) from error


def _check() -> None:
    """A library of another ABI is refused before anything of it is called."""
    try:
        version = lib.x_abi_version
    except AttributeError:
        raise ImportError(
            f"{__package__}: {lib._name} is another library: it has no x_abi_version", path=lib._name
        ) from None
    version.restype, version.argtypes = _c_uint32, []
    found = version()
    if found != _ABI:
        raise ImportError(
            f"{__package__}: {lib._name} has ABI version {found}, and these bindings are for {_ABI}: write them "
            "again from that file, with cargo rt0 bindings",
            path=lib._name,
        )


lib = _load()
_check()


def _declare(name: str, result: Any, *params: Any) -> Callable[..., Any]:
    try:
        function = getattr(lib, name)
    except AttributeError:
        raise ImportError(
            f"{__package__}: {lib._name} has no {name}: it is another version than these bindings are for. Write them "
            "again from that file, with cargo rt0 bindings",
            path=lib._name,
        ) from None
    function.restype, function.argtypes = result, params
    declared: Callable[..., Any] = function
    return declared


_start = _declare("x_start", _c_int32)
_wait = _declare("x_wait", _c_int32, _c_int32)
_state = _declare("x_state", _c_int32)
_last_error = _declare("x_last_error", _c_char_p)
_shutdown = _declare("x_shutdown", _c_int32, _c_int32)
_report = _declare("x_report", _c_void_p)
free = _declare("x_free", _c_int32, _c_void_p)
op_cancel = _declare("x_op_cancel", _c_int32, _c_void_p)
op_free = _declare("x_op_free", _c_int32, _c_void_p)
queue_new = _declare("x_queue_new", _c_int32, _c_uint32, _c_void_p, _c_void_p)
queue_free = _declare("x_queue_free", _c_int32, _c_void_p)
queue_take = _declare(
    "x_queue_take", _c_int32, _c_void_p, _c_void_p, _c_size_t, _c_void_p, _c_int32
)
queue_fd = _declare("x_queue_fd", _c_int32, _c_void_p, _c_void_p, _c_void_p)
events = _declare("x_events", _c_int32, _c_int32, _c_void_p, _c_void_p)
x_Cursor_free = _declare("x_Cursor_free", _c_int32, _c_void_p)
x_size = _declare("x_size", _c_int64)
x_rest_begin = _declare("x_rest_begin", _c_int32, _c_int32, _c_void_p, _c_uint64, _c_void_p, _c_void_p)
x_rest_end = _declare("x_rest_end", _c_int32, _c_void_p, _c_void_p)
x_rest = _declare("x_rest", _c_int32, _c_void_p)
x_fetch_begin = _declare("x_fetch_begin", _c_int32, _c_char_p, _c_size_t, _c_int32, _c_int32, _c_void_p, _c_void_p, _c_int32, _c_void_p, _c_uint64, _c_void_p, _c_void_p)
x_fetch_end = _declare("x_fetch_end", _c_int32, _c_void_p, _c_void_p, _c_void_p, _c_void_p)
x_fetch = _declare("x_fetch", _c_int32, _c_char_p, _c_size_t, _c_int32, _c_int32, _c_void_p, _c_void_p, _c_void_p, _c_void_p, _c_void_p)


def text(out: _c_void_p, length: _c_size_t) -> str:
    """A text that the library gave, which is freed."""
    try:
        return ctypes.string_at(out, length.value).decode()
    finally:
        free(out)


def failure(code: int, err: _c_void_p) -> Error:
    """The error of this code, with a text that is freed."""
    if not err:
        return error_of(code, last_error())
    try:
        return error_of(code, ctypes.string_at(err).decode())
    finally:
        free(err)


def last_error() -> str:
    given: bytes = _last_error()
    return given.decode()


def check(code: int) -> None:
    """Raises the error of a call that has no place for a text."""
    if code:
        raise error_of(code, last_error())


def milliseconds(seconds: float | None) -> int:
    """A time as the library takes it: -1 for None."""
    if seconds is None:
        return -1
    if not seconds >= 0:
        raise ValueError(f"a time can't be {seconds}: pass seconds, or None")
    # Rounded up: a short wait is not a question.
    return min(-int(-seconds * 1000 // 1), 0x7FFF_FFFF) if seconds < 1e9 else 0x7FFF_FFFF


def start() -> None:
    """Begins the library's start-up, and does not wait for it. Loading it does so, too, unless its author chose
    otherwise.
    """
    check(_start())


STOPPED = -7


def check_open() -> None:
    """Raises what every call is told while a shutdown is under way, and when the library has ended for good."""
    code = _wait(0)
    if code == STOPPED:
        check(code)


def can_start() -> bool:
    """Whether the library starts again. One that can't has ended for good."""
    return not ended and bool(_start() == 0)


def wait(timeout: float | None = None) -> None:
    """Waits until the library is ready, for so many seconds; None: for ever. Every call waits by itself."""
    check(_wait(milliseconds(timeout)))


def report() -> dict[str, Any]:
    """The library's state and time line."""
    import json

    owned = _report()
    if not owned:
        raise error_of(-17, last_error())
    try:
        value: dict[str, Any] = json.loads(ctypes.string_at(owned).decode())
        return value
    finally:
        free(owned)


# Whether Python has ended for this library: nothing calls it any more.
ended = False
# Called when a shutdown begins. What these give is called when the library has stopped: it forgets callbacks that the
# library could have called until then.
at_shutdown: list[Callable[[], Callable[[], None]]] = []


def shutdown(timeout: float | None = None) -> None:
    """Stops the library, ends its threads and drops its state. A later call starts it again.

    Python's end does this by itself. In an event loop call it on another thread: asyncio.to_thread(shutdown).
    """
    time = milliseconds(timeout)
    forgetting = [begins() for begins in at_shutdown]
    check(_shutdown(time))
    for forget in forgetting:
        forget()


def _end() -> None:
    """Python ends before the process does: a thread that calls back after that would end the process. ctypes lets
    other threads run meanwhile.
    """
    global ended
    ended = True
    _shutdown(10_000)


atexit.register(_end)

# How often this process was forked: a child has none of its parent's handles and ops.
forks = 0


def _forked() -> None:
    global forks
    forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
