"""An example: größer, */ and /* and a \\

End.
"""

# Written by cargo rt0 bindings from xample: a change here is lost when it is written again.

from __future__ import annotations

import sys as _sys
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
from ._callbacks import PROTO_1 as _PROTO_1
from ._callbacks import THUNK_1 as _THUNK_1
from ._callbacks import PROTO_2 as _PROTO_2
from ._callbacks import BARE_2 as _BARE_2
from ._callbacks import PROTO_3 as _PROTO_3
from ._callbacks import BARE_3 as _BARE_3
from ._errors import Error as Error
from ._errors import LibraryError as LibraryError
from ._errors import BusyError as BusyError
from ._errors import NoPlaceError as NoPlaceError
from ._errors import CodesError as CodesError
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
from ._errors import Rt0BusyError as Rt0BusyError
from ._errors import NotDoneError as NotDoneError
from ._library import check as _check
from ._library import failure as _failure
from ._library import milliseconds as _milliseconds
from ._library import report as report
from ._library import shutdown as shutdown
from ._library import start as start
from ._library import text as _text
from ._library import wait as wait
from ._library import x_step as _x_step
from ._library import x_look as _x_look
from ._library import x_close as _x_close
from ._library import x_nothing as _x_nothing
from ._library import x_size as _x_size
from ._library import x_stop as _x_stop
from ._library import x_count as _x_count
from ._library import x_keywords as _x_keywords
from ._library import x_buffers as _x_buffers
from ._library import x_text as _x_text
from ._library import x_maybe_text as _x_maybe_text
from ._library import x_maybe_number as _x_maybe_number
from ._library import x_open as _x_open
from ._library import x_find as _x_find
from ._library import x_each as _x_each
from ._library import x_nested as _x_nested
from ._library import x_own_names as _x_own_names
from ._library import x_find_const as _x_find_const
from ._library import x_choose as _x_choose
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
from ._types import _SIZE_MAX, _SSIZE_MAX, _integer, _within
from ._types import State as State
from ._types import Mode as Mode
from ._types import Signed as Signed
from ._types import Wide as Wide
from ._types import Huge as Huge
from ._types import Flags as Flags
from ._types import Empty as Empty
from ._types import Hit as Hit
from ._types import Page as Page
from ._types import _HitC
from ._types import _PageC

if _TYPE_CHECKING:
    from typing_extensions import Buffer as _Buffer

__version__ = "1.2.3"
__all__ = [
    "BootFailedError",
    "BusyError",
    "CalledFromBootError",
    "CancelledError",
    "CodesError",
    "Cursor",
    "Empty",
    "EndedBadlyError",
    "Error",
    "Flags",
    "ForkedError",
    "HandleBusyError",
    "Hit",
    "Huge",
    "InvalidArgumentError",
    "InvalidHandleError",
    "InvalidUtf8Error",
    "LibraryError",
    "Mode",
    "NoBootEntryError",
    "NoMemoryError",
    "NoPlaceError",
    "NoThreadError",
    "NotDoneError",
    "NotNotifiedError",
    "NotReadyError",
    "NotStartedError",
    "Page",
    "PanickedError",
    "Rt0BusyError",
    "RuntimeLostError",
    "Signed",
    "State",
    "StoppedError",
    "TimedOutError",
    "Wide",
    "WouldDeadlockError",
    "buffers",
    "choose",
    "count",
    "each",
    "find",
    "find_const",
    "keep",
    "keywords",
    "maybe_number",
    "maybe_text",
    "nested",
    "nothing",
    "open",
    "own_names",
    "report",
    "shutdown",
    "size",
    "start",
    "state",
    "stop",
    "text",
    "wait",
]


def state() -> State:
    """What the library is doing."""
    return State(_library._state())


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

    def step(self) -> Hit:
        _out = _HitC()
        _err = _c_void_p()
        _code = _x_step(self._handle, _byref(_out), _byref(_err))
        if _code:
            raise _failure(_code, _err)
        return Hit._from_c(_out)

    def look(self, by: Mode) -> Mode:
        _in_by = _integer(by, 0, 255, "by")
        _out = _c_uint8()
        _err = _c_void_p()
        _code = _x_look(self._handle, _in_by, _byref(_out), _byref(_err))
        if _code:
            raise _failure(_code, _err)
        return Mode(_out.value)

    def close_(self) -> None:
        """It closes `cursor`."""
        _err = _c_void_p()
        _code = _x_close(self._handle, _byref(_err))
        if _code:
            raise _failure(_code, _err)
        self._open = False


def nothing() -> None:
    _err = _c_void_p()
    _code = _x_nothing(_byref(_err))
    if _code:
        raise _failure(_code, _err)


def size() -> int:
    """How many.

    It raises nothing: it gives `-1` if the library is not ready or the call panics.
    """
    _given: int = _x_size()
    return _given


def stop(now: bool) -> None:
    """Stops.

    It raises nothing: it gives `-1` if the library is not ready or the call panics.
    """
    _x_stop(now)


def count(word: str) -> int:
    """Counts.

    Twice */.
    """
    _in_word = _utf8(word, "word")
    _out = _c_uint64()
    _err = _c_void_p()
    _code = _x_count(_in_word, len(_in_word), _byref(_out), _byref(_err))
    if _code:
        raise _failure(_code, _err)
    return _out.value


def keywords(class_: str, class_2: int, out: int, err: int, int32_t: int, x_hit: Hit, linux: int, n: int) -> int:
    _in_class_ = _utf8(class_, "class_")
    if class_2.__class__ is not int or not -2147483648 <= class_2 <= 2147483647:
        class_2 = _integer(class_2, -2147483648, 2147483647, "class_2")
    if out.__class__ is not int or not -2147483648 <= out <= 2147483647:
        out = _integer(out, -2147483648, 2147483647, "out")
    if err.__class__ is not int or not -2147483648 <= err <= 2147483647:
        err = _integer(err, -2147483648, 2147483647, "err")
    if int32_t.__class__ is not int or not -2147483648 <= int32_t <= 2147483647:
        int32_t = _integer(int32_t, -2147483648, 2147483647, "int32_t")
    if linux.__class__ is not int or not -2147483648 <= linux <= 2147483647:
        linux = _integer(linux, -2147483648, 2147483647, "linux")
    if n.__class__ is not int or not -2147483648 <= n <= 2147483647:
        n = _integer(n, -2147483648, 2147483647, "n")
    _out = _c_int32()
    _err = _c_void_p()
    _code = _x_keywords(_in_class_, len(_in_class_), class_2, out, err, int32_t, x_hit._to_c(), linux, n, _byref(_out), _byref(_err))
    if _code:
        raise _failure(_code, _err)
    return _out.value


def buffers(from_: _Sequence[Hit], into: _Buffer, own: _Buffer | _Sequence[int], maybe: str | None, signed: int) -> bytes:
    _in_from_, _len_from_ = _structs(_HitC, from_, "from_")
    _in_into, _len_into, _back_into = _writing(into, "B", "into")
    _in_own, _len_own = _reading(own, _SIZE, "own")
    _in_maybe = None if maybe is None else _utf8(maybe, "maybe")
    if signed.__class__ is not int or not -_SSIZE_MAX - 1 <= signed <= _SSIZE_MAX:
        signed = _integer(signed, -_SSIZE_MAX - 1, _SSIZE_MAX, "signed")
    _out = _c_void_p()
    _len = _c_size_t()
    _err = _c_void_p()
    _code = _x_buffers(_in_from_, _len_from_, _in_into, _len_into, _in_own, _len_own, _in_maybe, 0 if _in_maybe is None else len(_in_maybe), signed, _byref(_out), _byref(_len), _byref(_err))
    if _back_into is not None:
        _back_into()
    if _code:
        raise _failure(_code, _err)
    return _bytes_of(_out, _len)


def text() -> str:
    _out = _c_void_p()
    _len = _c_size_t()
    _err = _c_void_p()
    _code = _x_text(_byref(_out), _byref(_len), _byref(_err))
    if _code:
        raise _failure(_code, _err)
    return _text(_out, _len)


def maybe_text() -> str | None:
    _out = _c_void_p()
    _len = _c_size_t()
    _err = _c_void_p()
    _code = _x_maybe_text(_byref(_out), _byref(_len), _byref(_err))
    if _code:
        raise _failure(_code, _err)
    return _text(_out, _len) if _out.value else None


def maybe_number() -> float | None:
    _out = _c_double()
    _some = _c_bool()
    _err = _c_void_p()
    _code = _x_maybe_number(_byref(_out), _byref(_some), _byref(_err))
    if _code:
        raise _failure(_code, _err)
    return _out.value if _some.value else None


def open(at: Hit | None) -> Cursor:
    _in_at = None if at is None else at._to_c()
    _out = _c_void_p()
    _err = _c_void_p()
    _code = _x_open(None if _in_at is None else _byref(_in_at), _byref(_out), _byref(_err))
    if _code:
        raise _failure(_code, _err)
    return Cursor(_out.value)


def find(at: Hit) -> Cursor | None:
    _in_at = at._to_c()
    _out = _c_void_p()
    _err = _c_void_p()
    _code = _x_find(_byref(_in_at), _byref(_out), _byref(_err))
    at._read_c(_in_at)
    if _code:
        raise _failure(_code, _err)
    return Cursor(_out.value) if _out.value else None


def each(each: _Callable[[int], int]) -> None:
    _err = _c_void_p()
    _in_each = _enter(each)
    try:
        _code = _x_each(_THUNK_1, _in_each.key, _byref(_err))
    finally:
        _raised = _leave(_in_each)
    if _code:
        raise _either(_raised, _failure(_code, _err))
    if _raised is not None:
        raise _raised


def nested(call: _Callable[[int | None, int | None], int | None]) -> _Callable[[int, int | None], int]:
    _out = _c_void_p()
    _err = _c_void_p()
    _in_call = _enter_bare(_BARE_2, call)
    try:
        _code = _x_nested(_in_call.thunk, _byref(_out), _byref(_err))
    finally:
        _raised = _leave(_in_call)
    if _code:
        raise _either(_raised, _failure(_code, _err))
    _result = _cast("_Callable[[int, int | None], int]", _function(_PROTO_3, _out.value))
    if _raised is not None:
        raise _raised
    return _result


def own_names(at: _MutableSequence[Hit], one: _Sequence[Hit], ms: int) -> None:
    _all_at = _elements(at, "at")
    _in_at, _len_at = _structs(_HitC, _all_at, "at")
    _in_one, _len_one = _structs(_HitC, one, "one")
    if ms.__class__ is not int or not -2147483648 <= ms <= 2147483647:
        ms = _integer(ms, -2147483648, 2147483647, "ms")
    _err = _c_void_p()
    _code = _x_own_names(_in_at, _len_at, _in_one, _len_one, ms, _byref(_err))
    for _one, _c in zip(_all_at, _in_at or ()):
        _one._read_c(_c)
    if _code:
        raise _failure(_code, _err)


def find_const(each: _Callable[[int], int]) -> int | None:
    _out = _c_int32()
    _some = _c_bool()
    _err = _c_void_p()
    _in_each = _enter(each)
    try:
        _code = _x_find_const(_THUNK_1, _in_each.key, _byref(_out), _byref(_some), _byref(_err))
    finally:
        _raised = _leave(_in_each)
    if _code:
        raise _either(_raised, _failure(_code, _err))
    _result = _out.value if _some.value else None
    if _raised is not None:
        raise _raised
    return _result


def choose(a_long_name_of_a_parameter: str, another_long_name_of_a_parameter: str) -> _Callable[[int, int | None], int]:
    """It raises nothing: it gives `-1` if the library is not ready or the call panics."""
    _in_a_long_name_of_a_parameter = _utf8(a_long_name_of_a_parameter, "a_long_name_of_a_parameter")
    _in_another_long_name_of_a_parameter = _utf8(another_long_name_of_a_parameter, "another_long_name_of_a_parameter")
    _given: int | None = _x_choose(_in_a_long_name_of_a_parameter, len(_in_a_long_name_of_a_parameter), _in_another_long_name_of_a_parameter, len(_in_another_long_name_of_a_parameter))
    return _cast("_Callable[[int, int | None], int]", _function(_PROTO_3, _given))


def _rename() -> None:
    """Classes are shown, and pickled, as what they are to users."""
    for name in __all__:
        public = globals()[name]
        if isinstance(public, type):
            public.__module__ = __name__


_rename()
