"""Functions of Python's that the library calls. Written by cargo rt0 bindings.

What C calls for one type of callback is made once, and never freed. It finds the Python function by a number, which
the library hands back. So a library that calls back too late calls nothing, and is reported.
"""

from __future__ import annotations

import itertools
import threading
from ctypes import CFUNCTYPE as _CFUNCTYPE
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
from typing import Any, Callable, TypeVar, cast

from ._library import at_stop
from ._memory import letter as _letter
from ._types import _SIZE_MAX, _SSIZE_MAX, _within

_F = TypeVar("_F", bound="Callable[..., Any]")


class Entry:
    """A function while a call can call it back."""

    __slots__ = ("function", "key", "open", "raised", "thunk")

    def __init__(self, function: Callable[..., Any], key: int, open: bool) -> None:
        self.function = function
        self.key = key
        self.open = open
        self.raised: BaseException | None = None
        self.thunk: Any = None


class _Kept:
    """What `keep` gives."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.entry = Entry(function, next(_keys), False)

    def __call__(self, *args: Any) -> Any:
        return self.entry.function(*args)


def keep(function: _F) -> _F:
    """A function that the library goes on calling when the call that was given it has returned, until the library is
    shut down: `subscribe(keep(function))`. What it raises then goes to `sys.unraisablehook`.
    """
    return cast(_F, _Kept(function))


_keys = itertools.count(1)
_entries: dict[int, Entry] = {}


def enter(function: Any) -> Entry:
    """Before a call that calls this function back."""
    if isinstance(function, _Kept):
        entry = function.entry
    else:
        if not callable(function):
            raise TypeError(f"a callback must be callable, and {function!r} is not")
        entry = Entry(function, next(_keys), True)
    _entries[entry.key] = entry
    return entry


# Functions whose callback gets no number: what C calls for each is kept until the library is shut down.
_bare: dict[tuple[Any, Any], Entry] = {}
_inside = threading.local()


class _Call:
    """A call with a callback that gets no number, on the thread that made it."""

    def __init__(self, thunk: Any) -> None:
        self.thunk = thunk
        self.raised: BaseException | None = None
        self.before: _Call | None = getattr(_inside, "call", None)
        _inside.call = self


def enter_bare(bare: tuple[Any, Callable[..., Any]], function: Any) -> _Call:
    """The same for a callback that gets no number."""
    if isinstance(function, _Kept):
        function = function.entry.function
    elif not callable(function):
        raise TypeError(f"a callback must be callable, and {function!r} is not")
    prototype, inner = bare
    entry = _bare.get((prototype, function))
    if entry is None:
        made = Entry(function, 0, False)
        made.thunk = prototype(lambda *args: inner(made, *args))
        entry = _bare[prototype, function] = made
    return _Call(entry.thunk)


def leave(*entered: Entry | _Call | None) -> BaseException | None:
    """After the call: what a callback has raised."""
    raised: BaseException | None = None
    for entry in entered:
        if entry is None:
            continue
        raised = raised or entry.raised
        if isinstance(entry, _Call):
            _inside.call = entry.before
        elif entry.open:
            entry.open = False
            del _entries[entry.key]
    return raised


def either(raised: BaseException | None, error: BaseException) -> BaseException:
    """What a failed call raises: the callback's exception comes first."""
    if raised is None:
        return error
    raised.__cause__ = error
    return raised


def _stopped() -> None:
    _entries.clear()
    _bare.clear()


at_stop.append(_stopped)


def _find(user: int | None) -> Entry:
    entry = _entries.get(user or 0)
    if entry is None:
        raise RuntimeError("the library called back after its call had returned: pass keep(function)")
    return entry


def _call_of(entry: Entry) -> Entry | _Call | None:
    """Which call raises what this callback raises. None: no call waits for it."""
    if entry.key:
        return entry if entry.open else None
    return getattr(_inside, "call", None)


def function(prototype: Any, address: int | None) -> Any:
    """A function of the library's."""
    return prototype(address or 0)
