"""Buffers on their way to the library and back. Written by cargo rt0 bindings."""

from __future__ import annotations

import ctypes
import sys
from array import array
from collections.abc import MutableSequence
from ctypes import byref, c_char, c_size_t, c_ssize_t, c_void_p, string_at
from typing import TYPE_CHECKING, Any, Callable, Iterable, TypeVar

from ._library import free

if TYPE_CHECKING:
    from typing_extensions import Buffer

_T = TypeVar("_T")

#: The letters of `array` for C's size_t and ssize_t.
SIZE, SSIZE = ("Q", "q") if sys.maxsize > 2**32 else ("I", "i")

# The letters by which other libraries call an element of this kind; which of them is meant, its size says.
_KINDS = {"signed": "bhilqn", "unsigned": "BHILQNP", "float": "fd", "bool": "?", "byte": "Bbc"}


def _kind(letter: str) -> str:
    if letter in "fd":
        return "float"
    if letter == "?":
        return "bool"
    return "signed" if letter.islower() else "unsigned"


class _View(ctypes.Structure):
    """CPython's Py_buffer."""

    _fields_ = [
        ("buf", c_void_p),
        ("obj", ctypes.py_object),
        ("len", c_ssize_t),
        ("itemsize", c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        ("shape", c_void_p),
        ("strides", c_void_p),
        ("suboffsets", c_void_p),
        ("internal", c_void_p),
    ]


class _Held:
    """The address of a buffer that can't be written to. ctypes gives one only for `bytes`."""

    def __init__(self, view: memoryview) -> None:
        self._view = _View()
        ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(view), byref(self._view), 0)
        self._as_parameter_ = c_void_p(self._view.buf)

    def __del__(self) -> None:
        ctypes.pythonapi.PyBuffer_Release(byref(self._view))


_CAN_HOLD = sys.implementation.name == "cpython"


def _place(view: memoryview) -> Any:
    if view.nbytes == 0:
        return b""
    if not view.readonly:
        return byref(c_char.from_buffer(view))
    return _Held(view) if _CAN_HOLD else bytes(view)


def utf8(text: str, what: str) -> bytes:
    """A text in UTF-8, which has no halves of surrogate pairs."""
    if not isinstance(text, str):
        raise TypeError(f"{what}: pass a str, not {text!r}")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        error.reason = f"{what}: {error.reason}"
        raise


def _viewed(data: Any, what: str) -> memoryview:
    """What a buffer has. TypeError: it is none."""
    try:
        return memoryview(data)
    except ValueError as error:
        # It was released.
        raise ValueError(f"{what}: {error}") from None


def reading_bytes(data: Buffer, what: str) -> tuple[Any, int]:
    """Where bytes are, and how many."""
    if type(data) is bytes:
        return data, len(data)
    try:
        view = _viewed(data, what)
    except TypeError:
        raise TypeError(f"{what}: pass bytes, or a buffer of bytes, not {data!r}") from None
    if view.itemsize != 1 or not view.c_contiguous:
        raise TypeError(f"{what}: pass bytes, or a buffer of bytes without gaps")
    return _place(view), view.nbytes


def _checked(view: memoryview, letter: str, what: str) -> memoryview:
    size = 1 if letter == "?" else array(letter).itemsize
    names = _KINDS["byte" if letter == "B" else _kind(letter)]
    if view.itemsize != size or view.format.strip("@=<") not in names or not view.c_contiguous:
        raise TypeError(
            f"{what}: pass a buffer of {letter!r} without gaps, or a sequence; not one of {view.format!r}"
        )
    return view


def elements(data: Iterable[_T], what: str) -> list[_T]:
    """All elements, of what can be looked at only once as well."""
    try:
        each = iter(data)
    except TypeError:
        raise TypeError(f"{what}: pass a sequence, not {data!r}") from None
    return list(each)


def _copied(data: Iterable[Any], letter: str, what: str) -> Any:
    values = data if type(data) in (list, tuple) else elements(data, what)
    if letter == "?":
        return bytearray(map(bool, values))
    try:
        return array(letter, values)
    except (TypeError, OverflowError) as error:
        # It may be the exception of an element's own `__index__`.
        raise type(error)(f"{what}: {error}") from error


def reading(data: Any, letter: str, what: str) -> tuple[Any, int]:
    """Where the elements are, and how many: those of a buffer where they are, those of a sequence as a copy."""
    if isinstance(data, (list, tuple)):
        view = memoryview(_copied(data, letter, what))
    else:
        try:
            view = _viewed(data, what)
        except TypeError:
            view = memoryview(_copied(data, letter, what))
        else:
            _checked(view, letter, what)
    return _place(view), view.nbytes // view.itemsize


def writing(
    data: Any, letter: str, what: str, make: Callable[[Any], Any] | None = None
) -> tuple[Any, int, Callable[[], None] | None]:
    """The same for elements that the call may change, and what takes a sequence's changes back."""
    try:
        view = _viewed(data, what)
    except TypeError:
        if not isinstance(data, MutableSequence):
            raise TypeError(
                f"{what}: the call changes it: pass a list or a buffer that can be written to, not {data!r}"
            ) from None
        copy = _copied(data, letter, what)
        if type(data) is not list and copy:
            # Whatever it is, it is refused before the call, not after it.
            try:
                data[0] = data[0]
            except Exception as error:
                raise TypeError(f"{what}: the call changes it, and this can't be changed: {error!r}") from error

        def back() -> None:
            made = copy if make is None else map(make, copy)
            if type(data) is list:
                data[: len(copy)] = made
                return
            for at, value in enumerate(made):
                data[at] = value

        return _place(memoryview(copy)), len(copy), back
    _checked(view, letter, what)
    if view.readonly:
        raise TypeError(f"{what}: the call changes it, and this buffer can't be written to")
    return _place(view), view.nbytes // view.itemsize, None


def structs(ctype: Any, data: Any, what: str) -> tuple[Any, int]:
    """A copy of structs, side by side."""
    # Counted once: another thread may make a list longer meanwhile.
    made = [one._to_c() for one in elements(data, what)]
    return (ctype * len(made))(*made), len(made)


def bytes_of(out: c_void_p, length: c_size_t) -> bytes:
    """Bytes that the library gave, which are freed."""
    try:
        return string_at(out, length.value) if length.value else b""
    finally:
        free(out)


def numbers_of(out: c_void_p, length: c_size_t, letter: str) -> list[Any]:
    """Numbers that the library gave, which are freed."""
    numbers = array(letter)
    try:
        if length.value:
            numbers.frombytes(string_at(out, length.value * numbers.itemsize))
    finally:
        free(out)
    return numbers.tolist()


def list_of(out: c_void_p, length: c_size_t, letter: str, make: Callable[[Any], _T]) -> list[_T]:
    """The same, with each number as something else."""
    return list(map(make, numbers_of(out, length, letter)))


def structs_of(out: c_void_p, length: c_size_t, ctype: Any, make: Callable[[Any], _T]) -> list[_T]:
    """Structs that the library gave, which are freed."""
    try:
        if not length.value:
            return []
        return [make(one) for one in (ctype * length.value).from_address(out.value)]
    finally:
        free(out)


def letter(value: bytes) -> bytes:
    """One letter."""
    if not isinstance(value, bytes) or len(value) != 1:
        raise TypeError(f"a letter is bytes of length 1, not {value!r}")
    return value
