"""The library's enums and structs. Written by cargo rt0 bindings."""

from __future__ import annotations

import ctypes as _ctypes
import dataclasses as _dataclasses
import enum as _enum
import sys as _sys
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
from operator import index as _index
from typing import Any as _Any

_SSIZE_MAX = _sys.maxsize
_SIZE_MAX = 2 * _sys.maxsize + 1


def _outside(value: _Any, least: int, most: int, what: str) -> OverflowError:
    return OverflowError(f"{what}: {value!r} is not between {least} and {most}")


def _within(value: int, least: int, most: int, what: str) -> int:
    if not least <= value <= most:
        raise _outside(value, least, most, what)
    return value


def _integer(value: _Any, least: int, most: int, what: str) -> int:
    """What is an integer, whatever its class."""
    try:
        number = _index(value)
    except TypeError:
        raise TypeError(f"{what}: pass an int, not {value!r}") from None
    return _within(number, least, most, what)


class State(_enum.IntEnum):
    """What the library is doing."""

    #: nothing has been started
    COLD = 0

    #: a thread is on its way to start the library
    SCHEDULED = 1

    #: the library is starting
    BOOTING = 2

    #: calls go through
    READY = 3

    #: the start-up failed
    FAILED = 4

    #: a shutdown is under way
    STOPPING = 5

    #: a start-up that failed is being cleared away for the next
    RETRYING = 6


class Mode(_enum.IntEnum):
    """Some values."""

    #: X_MODE_EXACT.
    EXACT = 1

    #: X_MODE_FUZZY.
    FUZZY = 2


class Signed(_enum.IntEnum):
    """Some values."""

    #: X_SIGNED_LEAST.
    LEAST = -2147483648

    #: X_SIGNED_NONE.
    NONE = -1


class Wide(_enum.IntEnum):
    """Some values."""

    #: X_WIDE_LEAST.
    LEAST = -9223372036854775808

    #: X_WIDE_MINUS.
    MINUS = -2

    #: X_WIDE_MOST.
    MOST = 9223372036854775807


class Huge(_enum.IntEnum):
    """Some values."""

    #: X_HUGE_MOST.
    MOST = 18446744073709551615

    #: X_HUGE_ONE.
    ONE = 1


class Flags(_enum.IntEnum):
    """Some values."""

    #: X_FLAGS_TOP.
    TOP = 2147483648


class Empty(_enum.IntEnum):
    """Some values."""

    pass


class _HitC(_ctypes.Structure):
    _fields_ = [
        ("class_", _c_float),
        ("mode", _c_uint8),
        ("each", _c_void_p),
        ("name", _c_void_p),
        ("type_", _c_bool),
    ]


@_dataclasses.dataclass
class Hit:
    """A struct.
    With two lines.
    """

    #: The field class.
    class_: float
    #: The field mode.
    mode: Mode
    #: The field each.
    each: int | None
    #: The field name.
    name: int | None
    #: The field r#type.
    type_: bool

    def _to_c(self) -> _HitC:
        return _HitC(
            self.class_,
            _within(self.mode, 0, 255, "mode"),
            self.each,
            self.name,
            self.type_,
        )

    def _read_c(self, c: _Any) -> None:
        self.class_ = c.class_
        self.mode = Mode(c.mode)
        self.each = c.each
        self.name = c.name
        self.type_ = c.type_

    @classmethod
    def _from_c(cls, c: _Any) -> Hit:
        return cls(
            c.class_,
            Mode(c.mode),
            c.each,
            c.name,
            c.type_,
        )


class _PageC(_ctypes.Structure):
    _fields_ = [
        ("first", _HitC),
        ("next", _c_void_p),
    ]


@_dataclasses.dataclass
class Page:
    """A struct.
    With two lines.
    """

    #: The field first.
    first: Hit
    #: The field next.
    next: int | None

    def _to_c(self) -> _PageC:
        return _PageC(
            self.first._to_c(),
            self.next,
        )

    def _read_c(self, c: _Any) -> None:
        self.first = Hit._from_c(c.first)
        self.next = c.next

    @classmethod
    def _from_c(cls, c: _Any) -> Page:
        return cls(
            Hit._from_c(c.first),
            c.next,
        )
