"""A host in Python. It loads the library and calls Lua at once, then from several threads, and in children.

    python3 host.py ./liblua_example.so
"""

import ctypes
import multiprocessing
import sys
import threading

lib = ctypes.CDLL(sys.argv[1])
lib.lua_example_text.restype = ctypes.c_void_p


def take(text):
    if not text:
        return None
    try:
        return ctypes.string_at(text).decode()
    finally:
        lib.lua_example_free(ctypes.c_void_p(text))


def lua(code):
    out = ctypes.c_void_p()
    status = lib.lua_example_eval(code.encode(), ctypes.byref(out))
    text = take(out.value)
    if status != 0:
        raise RuntimeError(text or take(lib.lua_example_text(status)))
    return text


def in_a_child(number):
    return lua("return generation"), lua("return forked"), lua(f"return {number} * {number}")


def main():
    print(lua("return 'from ' .. _VERSION:sub(1, 3)"))
    try:
        lua("local t = nil; t.x = 1")
    except RuntimeError as error:
        print(error)

    lua("n = 0")
    threads = [
        threading.Thread(target=lambda: [lua("n = n + 1") for _ in range(200)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(lua("return n"))

    with multiprocessing.get_context("fork").Pool(3) as pool:
        answers = pool.map(in_a_child, range(12), chunksize=1)
    print(sorted({answer[:2] for answer in answers}), [answer[2] for answer in answers])
    print(lua("return n .. ' ' .. generation"))


main()
