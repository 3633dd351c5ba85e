# By rt0-uniffi: the library ends before Python does. One of its threads that calls back, or wakes an awaiting task,
# would otherwise run into an interpreter that is gone, and the process would abort. ctypes releases the interpreter
# for such threads while it waits.
def _rt0_end():
    with contextlib.suppress(LibraryError):
        rt0_end()


def _rt0_is_main_interpreter():
    # The library belongs to the process: a subinterpreter's end is not its end.
    try:
        api = ctypes.pythonapi
        current, main = api.PyInterpreterState_Get, api.PyInterpreterState_Main
    except AttributeError:
        return True  # Not CPython.
    current.restype = main.restype = ctypes.c_void_p
    return current() == main()


if _rt0_is_main_interpreter():
    import atexit

    atexit.register(_rt0_end)
