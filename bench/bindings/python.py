#!/usr/bin/env python3
"""What a call through the generated bindings costs, against the same call by ctypes, written by hand with the same
check of the error.

    cargo rt0 build --release -p conform --out build
    cargo rt0 bindings build/libconform.so --lang python --bundle --out build
    PYTHONPATH=build/python python3 bench/bindings/python.py

Both are measured in turns, in one process; the figure is the median of the ratios of the rounds.
"""

import ctypes
import statistics
import sys
import time
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint64, c_void_p

import conform
from conform import _library

LIB = ctypes.CDLL(_library.lib._name)
ROUNDS, CALLS = 41, 20_000


class Failed(Exception):
    pass


def declared(name, *params):
    function = getattr(LIB, "conform_" + name)
    function.restype, function.argtypes = c_int32, params
    return function


ERR = POINTER(c_void_p)
LIB.conform_free.argtypes = [c_void_p]
add = declared("add", c_int32, c_int32, POINTER(c_int64), ERR)
u64_same = declared("u64_same", c_uint64, POINTER(c_uint64), ERR)
f64_same = declared("f64_same", c_double, POINTER(c_double), ERR)
text_maybe = declared("text_maybe", c_char_p, c_size_t, POINTER(c_int64), ERR)
text_own = declared("text_own", c_char_p, c_size_t, POINTER(c_void_p), POINTER(c_size_t), ERR)
u8_last = declared("u8_last", c_char_p, c_size_t, POINTER(ctypes.c_uint8), POINTER(ctypes.c_bool), ERR)


def check(code, err):
    if code != 0:
        text = ctypes.string_at(err).decode()
        LIB.conform_free(err)
        raise Failed(code, text)


def by_hand_add(one, other):
    out, err = c_int64(), c_void_p()
    check(add(one, other, byref(out), byref(err)), err)
    return out.value


def by_hand_u64(value):
    out, err = c_uint64(), c_void_p()
    check(u64_same(value, byref(out), byref(err)), err)
    return out.value


def by_hand_f64(value):
    out, err = c_double(), c_void_p()
    check(f64_same(value, byref(out), byref(err)), err)
    return out.value


def by_hand_text_in(value):
    text = value.encode()
    out, err = c_int64(), c_void_p()
    check(text_maybe(text, len(text), byref(out), byref(err)), err)
    return out.value


def by_hand_text(value):
    text = value.encode()
    out, length, err = c_void_p(), c_size_t(), c_void_p()
    check(text_own(text, len(text), byref(out), byref(length), byref(err)), err)
    try:
        return ctypes.string_at(out, length.value).decode()
    finally:
        LIB.conform_free(out)


def by_hand_bytes(value):
    out, some, err = ctypes.c_uint8(), ctypes.c_bool(), c_void_p()
    check(u8_last(value, len(value), byref(out), byref(some), byref(err)), err)
    return out.value if some.value else None


ROWS = [
    ("two numbers", 1.3, by_hand_add, conform.add, (2, 3)),
    ("a u64", 1.3, by_hand_u64, conform.u64_same, (5,)),
    ("an f64", 1.3, by_hand_f64, conform.f64_same, (0.5,)),
    ("a text in", 1.5, by_hand_text_in, conform.text_maybe, ("a text of some words",)),
    ("a text in and one out", 1.5, by_hand_text, conform.text_own, ("a text of some words",)),
    ("1 MB of bytes in", 1.5, by_hand_bytes, conform.u8_last, (b"x" * 1_000_000,)),
]


def timed(function, args):
    begun = time.perf_counter_ns()
    for _ in range(CALLS):
        function(*args)
    return (time.perf_counter_ns() - begun) / CALLS


def main():
    missed = False
    print(f"{'':24}{'by hand':>10}{'bindings':>10}{'ratio':>7}{'target':>8}")
    for name, target, by_hand, bindings, args in ROWS:
        assert by_hand(*args) == bindings(*args)
        rounds = [(timed(by_hand, args), timed(bindings, args)) for _ in range(ROUNDS)]
        ratio = statistics.median(other / hand for hand, other in rounds)
        hand, other = (statistics.median(column) for column in zip(*rounds))
        print(f"{name:24}{hand:7.0f} ns{other:7.0f} ns{ratio:7.2f}{target:8.1f}")
        missed |= ratio > target
    sys.exit("a target is missed" if missed else 0)


if __name__ == "__main__":
    main()
