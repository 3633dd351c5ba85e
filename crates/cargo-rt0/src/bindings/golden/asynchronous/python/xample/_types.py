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
