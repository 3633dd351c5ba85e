"""Calls a library by cffi, which reads `cargo rt0 header --plain`: plain_header.py LIBRARY DECLARATIONS"""

import sys

from cffi import FFI

ffi = FFI()
with open(sys.argv[2], encoding="utf-8") as file:
    ffi.cdef(file.read())
lib = ffi.dlopen(sys.argv[1])
out = ffi.new("int64_t *")
assert lib.conform_add(2, 3, out, ffi.NULL) == lib.CONFORM_OK == 0
assert out[0] == 5
err = ffi.new("char **")
assert lib.conform_fail(2, err) == lib.CONFORM_ERROR_NOT_THERE == 2
assert ffi.string(err[0]).decode() == "there is no größe"
assert lib.conform_free(err[0]) == 0
mode = ffi.new("conform_Mode *")
assert lib.conform_mode_same(lib.CONFORM_MODE_VERY_FUZZY, mode, ffi.NULL) == 0 and mode[0] == 4
inner = ffi.new("conform_Inner *", {"number": 5, "mode": 1})
given = ffi.new("conform_Inner *")
assert lib.conform_inner_same(inner[0], given, ffi.NULL) == 0 and given.number == 5
assert lib.conform_abi_version() == lib.CONFORM_ABI_VERSION == 2
print("right")
