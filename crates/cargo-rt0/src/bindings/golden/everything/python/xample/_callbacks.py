"""Functions of Python's that the library calls. Written by cargo rt0 bindings.

What C calls for one type of callback is made once, and never freed. It finds the Python function by a number, which
the library hands back. So a library that calls back too late calls nothing, and `sys.unraisablehook` hears of it.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections import deque
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
from ctypes import py_object as _py_object
from operator import index as _index
from typing import Any, Callable, TypeVar, cast

from ._library import at_shutdown
from ._memory import letter as _letter
from ._types import _SIZE_MAX, _SSIZE_MAX, _within
from ._types import Mode
from ._types import Signed
from ._types import Wide
from ._types import Huge
from ._types import Flags
from ._types import Empty
from ._types import Hit
from ._types import Page
from ._types import _HitC
from ._types import _PageC

_F = TypeVar("_F", bound="Callable[..., Any]")


class Entry:
    """A function while a call can call it back."""

    __slots__ = ("bare", "function", "key", "open", "raised", "thunk")

    def __init__(self, function: Callable[..., Any], key: int, open: bool) -> None:
        self.function = function
        self.key = key
        self.open = open
        self.raised: BaseException | None = None
        self.thunk: Any = None
        self.bare: tuple[deque[_Bare], _Bare] | None = None


class _Kept:
    """What `keep` gives."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.entry = Entry(function, next(_keys), False)
        self.bare: dict[Any, _Bare] = {}
        # How many calls that pass it are under way, and how many shutdowns had begun when the last of them was over.
        self.calls = 0
        self.passed = 0

    def __call__(self, *args: Any) -> Any:
        return self.entry.function(*args)


def keep(function: _F) -> _F:
    """A function that the library goes on calling when the call that was given it has returned, until the library is
    shut down: `subscribe(keep(function))`. What it raises then goes to `sys.unraisablehook`.
    """
    return cast(_F, _Kept(_callable(function)))


def _callable(function: Any) -> Any:
    if not callable(function):
        raise TypeError(f"a callback must be callable, and {function!r} is not")
    return function


_keys = itertools.count(1)
_entries: dict[int, Entry] = {}
# Until the library is shut down, it may call these.
_kept: set[_Kept] = set()
# How many shutdowns have begun.
_shutdowns = 0
# For these two, and for kept functions. It is reentrant because a `__del__` of the host's can run anywhere.
_lock = threading.RLock()


class _Passing:
    """A call that passes a kept function."""

    __slots__ = ("kept", "key", "thunk")

    def __init__(self, kept: _Kept, thunk: Any) -> None:
        self.kept = kept
        self.key = kept.entry.key
        self.thunk = thunk
        with _lock:
            kept.calls += 1
            # Each time: a shutdown has let it go.
            _kept.add(kept)
            _entries[self.key] = kept.entry

    def over(self) -> None:
        with _lock:
            self.kept.calls -= 1
            self.kept.passed = _shutdowns


def enter(function: Any) -> Entry | _Passing:
    """Before a call that calls this function back."""
    if isinstance(function, _Kept):
        return _Passing(function, None)
    entry = Entry(_callable(function), next(_keys), True)
    _entries[entry.key] = entry
    return entry


class _Bare:
    """What C calls for a callback that gets no number: one for each function that can be called back now.

    It is never freed, and used again when many calls have passed: until then a library that calls back too late is
    noticed.
    """

    __slots__ = ("entry", "thunk")

    def __init__(self, prototype: Any, inner: Callable[..., Any]) -> None:
        self.entry: Entry | None = None
        self.thunk = prototype(lambda *args: inner(self.entry, *args))


_POOL = 256
_pools: dict[Any, deque[_Bare]] = {}


def enter_bare(bare: tuple[Any, Callable[..., Any]], function: Any) -> Entry | _Passing:
    """The same for a callback that gets no number."""
    prototype, inner = bare
    if isinstance(function, _Kept):
        with _lock:
            kept = function.bare.get(prototype)
            if kept is None:
                kept = function.bare[prototype] = _Bare(prototype, inner)
                kept.entry = function.entry
        return _Passing(function, kept.thunk)
    entry = Entry(_callable(function), 0, True)
    pool = _pools.setdefault(prototype, deque())
    try:
        place = pool.popleft() if len(pool) >= _POOL else _Bare(prototype, inner)
    except IndexError:
        # Another thread was faster.
        place = _Bare(prototype, inner)
    entry.bare = (pool, place)
    place.entry = entry
    entry.thunk = place.thunk
    return entry


def leave(*entered: Entry | _Passing | None) -> BaseException | None:
    """After the call: what a callback has raised."""
    raised: BaseException | None = None
    for entry in entered:
        if entry is None:
            continue
        if isinstance(entry, _Passing):
            entry.over()
            continue
        raised = raised or entry.raised
        entry.open = False
        if entry.bare is None:
            del _entries[entry.key]
        else:
            pool, place = entry.bare
            place.entry = None
            pool.append(place)
    return raised


def either(raised: BaseException | None, error: BaseException) -> BaseException:
    """What a failed call raises: the callback's exception comes first."""
    if raised is None:
        return error
    raised.__cause__ = error
    return raised


def _shutdown_begins() -> Callable[[], None]:
    global _shutdowns
    with _lock:
        _shutdowns += 1
        number = _shutdowns
    return lambda: _forget(number)


def _forget(number: int) -> None:
    """What this shutdown has ended. A call that was over later may have started the library again, and what it has
    passed stays: until the next shutdown, if this one did end it.
    """
    with _lock:
        for kept in [one for one in list(_kept) if one.calls == 0 and one.passed < number]:
            _kept.discard(kept)
            _entries.pop(kept.entry.key, None)


at_shutdown.append(_shutdown_begins)


def _forked() -> None:
    """Another thread of the parent's may have had it."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _still(entry: Entry | None) -> Entry:
    if entry is None:
        raise RuntimeError("the library called back after its call had returned: pass keep(function)")
    return entry


def _raise(error: BaseException) -> None:
    raise error


# Gives an exception to `sys.unraisablehook`: ctypes does so with what a function raises that C calls. The functions
# that have a result must not raise: C would get whatever was in its place before.
_report = _CFUNCTYPE(None, _py_object)(_raise)


def _address(given: Any) -> int | None:
    """An address that a callback gives. What ctypes can't convert would reach C as whatever was there before."""
    return None if given is None else _within(_index(given), 0, _SIZE_MAX, "the callback's result")


def function(prototype: Any, address: int | None) -> Any:
    """A function of the library's."""
    return prototype(address or 0)


def _call_1(entry: Entry | None, a0: Any) -> Any:
    if entry is not None and entry.raised is not None:
        # The call has failed already.
        return 0
    try:
        _given = _still(entry).function(a0)
        return _within(_index(_given), -2147483648, 2147483647, "the callback's result")
    except BaseException as error:
        if entry is None or not entry.open:
            # No call waits for it.
            _report(error)
            return 0
        entry.raised = error
        return 0


def _find_1(a0: Any, user: Any) -> Any:
    return _call_1(_entries.get(user or 0), a0)


PROTO_1 = _CFUNCTYPE(_c_int32, _c_uint64, _c_void_p)
THUNK_1 = PROTO_1(_find_1)


def _call_2(entry: Entry | None, a0: Any, a1: Any) -> Any:
    if entry is not None and entry.raised is not None:
        # The call has failed already.
        return None
    try:
        _given = _still(entry).function(a0, a1)
        return _address(_given)
    except BaseException as error:
        if entry is None or not entry.open:
            # No call waits for it.
            _report(error)
            return None
        entry.raised = error
        return None


PROTO_2 = _CFUNCTYPE(_c_void_p, _c_void_p, _c_void_p)
BARE_2 = (PROTO_2, _call_2)


def _call_3(entry: Entry | None, a0: Any, a1: Any) -> Any:
    if entry is not None and entry.raised is not None:
        # The call has failed already.
        return 0
    try:
        _given = _still(entry).function(a0, a1)
        return _within(_index(_given), -2147483648, 2147483647, "the callback's result")
    except BaseException as error:
        if entry is None or not entry.open:
            # No call waits for it.
            _report(error)
            return 0
        entry.raised = error
        return 0


PROTO_3 = _CFUNCTYPE(_c_int32, _c_uint64, _c_void_p)
BARE_3 = (PROTO_3, _call_3)
