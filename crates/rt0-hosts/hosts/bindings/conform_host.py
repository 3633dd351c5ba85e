"""Holds the generated bindings for Python against cases.json.

conform_host.py CASES cases | threads | fork | leak COUNT | async COUNT | thread_ops COUNT | exit | late |
    passed_again | turns | held_up | meanwhile COUNT
"""

import array
import asyncio
import collections
import ctypes
import gc
import json
import keyword
import math
import os
import re
import sys
import threading
import time
import weakref

import conform

PREFIX = "conform_"
STRUCTS = {
    frozenset(struct.__dataclass_fields__): struct for struct in (conform.Inner, conform.Point, conform.Addresses)
}
ENUMS = {"CONFORM_MODE_": conform.Mode, "CONFORM_WIDE_": conform.Wide}
# Async calls that have no end of their own.
SLOW = ("conform_given_up", "conform_never", "conform_told", "conform_counter_hold_later")


class Failed(Exception):
    """What the callback `fail` raises."""


class Run:
    """One case: its handles, and what its callbacks were called with."""

    def __init__(self, loop):
        self.loop, self.handles, self.noted = loop, {}, []

    def value(self, value, kind=""):
        if isinstance(value, str):
            if value in ("nan", "inf", "-inf"):
                return float(value)
            if re.fullmatch(r"-?\d{16,}", value):
                return int(value)
            for start, enum in ENUMS.items():
                if value.startswith(start):
                    return enum[value[len(start):]]
            return value.encode() if kind == "char" else value
        if isinstance(value, list):
            values = [self.value(one, kind) for one in value]
            return b"".join(values) if kind == "char" else bytes(values) if kind == "u8" else values
        if isinstance(value, dict):
            if "raw" in value:
                return value["raw"]
            if "handle" in value and "callback" not in value:
                return self.handles[value["handle"]]
            if "callback" in value:
                return self.callback(value)
            fields = {self.name(key): self.value(one, "char" if key == "letter" else "") for key, one in value.items()}
            return STRUCTS[frozenset(fields)](**fields)
        return value

    @staticmethod
    def name(name):
        return name + "_" if keyword.iskeyword(name) or name == "int" else name

    def callback(self, value):
        def number(given):
            if isinstance(given, conform.Inner):
                return given.number
            return given if isinstance(given, (float, bytes)) else int(given)

        def fail(*_):
            raise Failed("from the callback")

        def use(_):
            return self.handles[value["handle"]].value()

        def note(*args):
            self.noted.append(list(args))

        return {
            "same": number,
            "double": lambda given: number(given) * 2,
            "plus_one": lambda given: number(given) + 1,
            "note": note,
            "fail": fail,
            "use": use,
            "kept": conform.keep(lambda _: None),
        }[value["callback"]]

    def function(self, symbol, args):
        """The bound method or the function, and the arguments that are left."""
        own = symbol[len(PREFIX):]
        if args and isinstance(args[0], conform.Counter):
            short = own[len("counter_"):] if own.startswith("counter_") else own
            if hasattr(args[0], short):
                return getattr(args[0], short), args[1:], (args[0], short)
        return getattr(conform, self.name(own)), args, (conform, own)

    def step(self, step, form):
        if "close" in step:
            return self.handles[step["close"]].close()
        if "noted" in step:
            wanted = [[self.value(one) for one in args] for args in step["noted"]]
            assert self.noted == wanted, (self.noted, wanted)
            self.noted = []
            return
        symbol = step["call"]
        own = symbol[len(PREFIX):]
        kind = next((kind for kind in ("char", "u8") if own.startswith(kind + "_")), "")
        args = [self.value(arg, kind) for arg in step["args"]]
        if own.endswith("_fill"):
            # What is changed must be one that can be.
            args[0] = bytearray(args[0]) if kind else args[0]
        if own == "number_change":
            args[0] = ctypes.c_uint32(args[0])
        function, rest, (owner, name) = self.function(symbol, args)
        if asyncio.iscoroutinefunction(function):
            if form == "sync" and step.get("only") != "async":
                function = getattr(owner, name + "_sync")
            else:
                called, timeout = function, step.get("timeout_ms")
                more = {} if timeout is None else {"timeout": timeout / 1000}
                function = lambda *args: self.loop.run_until_complete(called(*args, **more))
        given = error = None
        try:
            given = function(*rest)
        except Exception as caught:
            error = caught
        self.check(step, given, error, kind, args)

    def check(self, step, given, error, kind, args):
        fails = step.get("fails")
        if fails is not None:
            assert error is not None, (step, given)
            if fails == "callback":
                assert isinstance(error, (Failed, conform.HandleBusyError)), (step, error)
                return
            assert type(error).__mro__[-4:] == (conform.Error, Exception, BaseException, object), error
            assert error.code == fails["code"], (step, error.code, error)
            assert isinstance(error, conform.LibraryError) == (error.code > 0), error
            if "text" in fails:
                assert error.text == str(error) == fails["text"], (step, error)
            else:
                assert fails["has"] in error.text, (step, error)
            if "name" in fails:
                name = "".join(word.capitalize() for word in fails["name"].split("_")) + "Error"
                assert type(error) is getattr(conform, name), (type(error), name)
            return
        if error is not None:
            raise error
        wanted = step.get("gives")
        if isinstance(wanted, dict) and "new" in wanted:
            self.handles[wanted["new"]] = given
        elif isinstance(wanted, dict) and "function" in wanted:
            of = wanted["function"]
            assert given(*of["args"]) == of["gives"]
        elif not (isinstance(wanted, dict) and "any" in wanted):
            wanted = self.value(wanted, kind)
            self.same(wanted, given, step)
        for at, after in step.get("after", {}).items():
            after = self.value(after, kind)
            now = args[int(at)]
            now = now.value if hasattr(now, "value") and not hasattr(now, "name") else now
            self.same(type(now)(after) if isinstance(now, bytearray) else after, now, step)

    def same(self, wanted, given, step):
        if isinstance(wanted, list) and isinstance(given, list) and len(wanted) == len(given):
            for one, other in zip(wanted, given):
                self.same(one, other, step)
            return
        if isinstance(wanted, float) and math.isnan(wanted):
            assert math.isnan(given), (step, given)
            return
        assert wanted == given and type(wanted) is type(given), (step, wanted, given)


def run(case, loop, form):
    this = Run(loop)
    for step in case.get("steps", [case]):
        this.step(step, form)
    return len(case.get("steps", [case]))


def is_quick(case):
    return all(step.get("call") not in SLOW for step in case.get("steps", [case]))


def all_cases(cases, loop):
    return sum(run(case, loop, form) for form in ("async", "sync") for case in cases)


def with_loop(work):
    loop = asyncio.new_event_loop()
    try:
        return work(loop)
    finally:
        loop.close()


def buffers():
    """Numbers where they are: no copy, and in every kind of buffer."""
    assert conform.u8_last(bytearray(b"ab")) == ord("b")
    assert conform.u8_last(memoryview(b"abc")[:2]) == ord("b")
    assert conform.u8_last(memoryview(bytearray(b"abc"))[1:]) == ord("c")
    numbers = array.array("I", [1, 2, 3])
    assert conform.u32_last(numbers) == 3 and conform.u32_last(memoryview(numbers)[:2]) == 2
    conform.u32_fill(numbers, 9)
    assert numbers.tolist() == [1, 9, 9]
    conform.u32_fill(memoryview(numbers)[1:], 5)
    assert numbers.tolist() == [1, 9, 5]
    flags = memoryview(bytearray(b"\1\0")).cast("?")
    assert conform.bool_last(flags) is False
    assert conform.f64_last(range(3)) == 2.0
    assert conform.u8_last(b"") is None and conform.u32_last(array.array("I")) is None
    for call in (
        lambda: conform.u8_last([1]),
        lambda: conform.u8_last(numbers),
        lambda: conform.u32_last(array.array("i", [1])),
        lambda: conform.u32_last(array.array("H", [1, 2])),
        lambda: conform.u8_last(memoryview(b"abcd")[::2]),
        lambda: conform.u8_fill(b"ab", 1),
        lambda: conform.u32_fill((1, 2), 1),
        lambda: conform.text_same(b"bytes"),
        lambda: conform.each(1, 5),
    ):
        try:
            call()
        except (TypeError, AttributeError):
            continue
        raise AssertionError("a wrong buffer was taken")
    for call in (
        lambda: conform.u8_same(256),
        lambda: conform.u8_same(-1),
        lambda: conform.i64_same(2**63),
        lambda: conform.usize_same(2**64),
        lambda: conform.u8_call(0, lambda _: 300),
        lambda: conform.i8_last([1, 128]),
        lambda: conform.inner_same(conform.Inner(2**32, conform.Mode.EXACT)),
    ):
        try:
            call()
        except OverflowError:
            continue
        raise AssertionError("a number that does not fit was taken")


class Growing(list):
    """A list that another thread makes longer, each time that its length is asked for."""

    asked = 0

    def __len__(self):
        self.asked += 1
        return super().__len__() if self.asked == 1 else 4096


def wrong_places():
    """A place of another type than the call writes to is refused: it could be too small."""
    for call in (
        lambda: conform.point_change(conform.Inner(1, conform.Mode.EXACT)),
        lambda: conform.point_change_maybe(conform.Inner(1, conform.Mode.EXACT)),
        lambda: conform.number_change(ctypes.c_double(5), 1),
        lambda: conform.number_change(ctypes.c_uint8(5), 1),
    ):
        try:
            call()
        except (TypeError, ctypes.ArgumentError):
            continue
        raise AssertionError("a place of another type was taken")


def wrong_results():
    """What a callback gives and C can't have, the call raises."""
    for wanted, call in (
        (TypeError, lambda: conform.each(3, lambda _: 1.5)),
        (TypeError, lambda: conform.each(3, lambda _: None)),
        (TypeError, lambda: conform.bare(lambda _: 1.5, 3)),
        ((TypeError, ValueError), lambda: conform.mixed(lambda *_: "abc")),
        (TypeError, lambda: conform.u8_call(0, lambda _: "1")),
    ):
        try:
            given = call()
        except wanted:
            continue
        raise AssertionError(f"a wrong result of a callback became {given!r}")


def kept_results():
    """A kept function's wrong result is reported, and C gets 0."""
    seen = []
    before, sys.unraisablehook = sys.unraisablehook, lambda args: seen.append(args.exc_type)
    try:
        for _ in range(3):
            assert conform.u8_call(9, conform.keep(lambda _: "x")) == 0
            assert conform.bare(conform.keep(lambda _: 1.5), 3) == 0
    finally:
        sys.unraisablehook = before
    assert seen == [TypeError] * 6, seen


def kept_again():
    """What C calls for a kept function without a number is there until the shutdown, though it was kept before one."""
    conform.shutdown()
    places = conform._callbacks._kept
    kept = conform.keep(lambda number: number + 1)
    for _ in range(2):
        assert conform.bare(kept, 4) == 5
        assert len(places) == 1, places
        assert conform.bare(kept, 5) == 6
        assert len(places) == 1, places
        conform.shutdown()
        assert not places, places
    try:
        conform.keep(5)
    except TypeError as error:
        assert "must be callable" in str(error), error
    else:
        raise AssertionError("a number was kept")


def passed_again():
    """A kept function that another thread passes again when the library has stopped: the shutdown does not forget it,
    though it has not returned yet.
    """
    called, calls, late = threading.Event(), 0, []

    def count(_):
        nonlocal calls
        calls += 1
        called.set()

    def hook(args):
        late.append(str(args.exc_value))
        called.set()

    sys.unraisablehook = hook
    kept = conform.keep(count)
    conform.keep_calling(kept)

    def again():
        while conform.state() != conform.State.COLD:
            pass
        conform.keep_calling(kept)

    thread = threading.Thread(target=again)
    thread.start()
    conform.shutdown()
    thread.join()
    before = calls
    while calls < before + 10 and not late:
        called.clear()
        called.wait()
    assert not late, late[:1]


def counted_once():
    """A list that becomes longer during a call is not read past its copy's end."""
    one = conform.Inner(7, conform.Mode.EXACT)
    assert conform.inner_last(Growing([one])) == one
    assert conform.u32_last(Growing([7])) == 7


class Fixed(collections.UserList):
    """A list of which no element can be changed."""

    def __setitem__(self, at, value):
        raise NotImplementedError("fixed")


def texts():
    """A text that UTF-8 does not have is refused, and so is what is no text: the error names the argument."""
    for text in ("\ud800", "\udfff", "ab\udc00c", "\ud83d", "\ude00\ud83d"):
        for name, call in (
            ("text", lambda: conform.text_same(text)),
            ("other", lambda: conform.text_join("", text)),
            ("one", lambda: asyncio.run(conform.text_later(text, None))),
        ):
            try:
                call()
            except UnicodeEncodeError as error:
                assert str(error).endswith(f": {name}: surrogates not allowed"), error
                continue
            raise AssertionError("half of a pair was taken")
    for text in (b"bytes", 5, None):
        try:
            conform.text_same(text)
        except TypeError as error:
            assert str(error) == f"text: pass a str, not {text!r}", error
            continue
        raise AssertionError("what is no text was taken")
    for text in ("\U0001f600", "a\U0001f600?", "\ud7ff\ue000", "\0?"):
        assert conform.text_own(text) == text


def unchangeable():
    """What can't be changed is refused before the call."""
    released = memoryview(bytearray(2))
    released.release()
    for call, said in (
        (lambda: conform.i64_fill((1, 2), 3), "values: the call changes it"),
        (lambda: conform.i64_fill(range(2), 3), "values: the call changes it"),
        (lambda: conform.i64_fill({1, 2}, 3), "values: the call changes it"),
        (lambda: conform.i64_fill(Fixed([1, 2]), 3), "values: the call changes it"),
        (lambda: conform.u8_fill(b"ab", 3), "values: the call changes it"),
        (lambda: conform.u8_fill(memoryview(bytearray(2)).toreadonly(), 3), "values: the call changes it"),
        (lambda: conform.inner_fill(5, conform.Inner(1, conform.Mode.EXACT)), "values: "),
        (lambda: conform.u8_fill(released, 3), "values: "),
        (lambda: conform.u8_last(released), "values: "),
        (lambda: conform.u8_last(5), "values: "),
        (lambda: conform.u8_same("1"), "value: pass an int, not '1'"),
        (lambda: conform.i64_same(1.0), "value: pass an int, not 1.0"),
        (lambda: conform.usize_same(None), "value: pass an int, not None"),
        (lambda: conform.mode_same("EXACT"), "value: pass an int, not 'EXACT'"),
        (lambda: conform.u32_last(5), "values: "),
        (lambda: conform.u32_last(["1"]), "values: "),
    ):
        try:
            call()
        except (TypeError, ValueError) as error:
            assert str(error).startswith(said), error
            continue
        raise AssertionError("what can't be changed was taken")
    # What the host's own code raises is not lost.
    mine = TypeError("mine")

    def broken():
        yield 1
        raise mine

    for take in (conform.u32_last, conform.mode_last):
        try:
            take(broken())
        except TypeError as error:
            assert error is mine, repr(error)
            continue
        raise AssertionError("a broken generator was taken")
    # What can be changed by its elements only.
    numbers = collections.deque([1, 2])
    conform.i64_fill(numbers, 3)
    assert list(numbers) == [1, 3], numbers
    # What can be looked at only once.
    inners = [conform.Inner(1, conform.Mode.EXACT) for _ in range(2)]
    conform.inner_fill((one for one in inners), conform.Inner(7, conform.Mode.EXACT))
    assert inners[1].number == 7, inners


def refused():
    """A call that is refused for its second callback keeps nothing of the first."""

    def function(number):
        return number

    held = weakref.ref(function)
    try:
        conform.both(function, 5)
    except TypeError:
        pass
    else:
        raise AssertionError("a number was called back")
    del function
    gc.collect()
    assert held() is None


def handles():
    """What closes a handle."""
    before = conform.live()
    with conform.counter_open(1) as counter:
        assert conform.live() == before + 1
    assert conform.live() == before
    counter.close()
    counter = conform.counter_open(2)
    del counter
    gc.collect()
    assert conform.live() == before
    # The callback has raised, but the call has made a handle, or the handle is in use.
    counter = conform.counter_open(3)
    try:
        counter.hold(lambda _: counter.close())
    except conform.HandleBusyError:
        pass
    else:
        raise AssertionError("a handle in use was closed")
    assert counter.value() == 4
    counter.close()
    assert conform.live() == before


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def large():
    """What the library gives, so large that nothing of it can be forgotten unnoticed."""
    text = "x" * 20_000
    assert conform.text_own(text) == text
    assert len(conform.u8_many(1, 20_000)) == 20_000
    assert len(conform.u32_many(1, 5_000)) == 5_000
    assert len(conform.mode_many(conform.Mode.EXACT, 100)) == 100
    assert len(conform.inner_many(conform.Inner(1, conform.Mode.EXACT), 2_500)) == 2_500
    try:
        conform.fail_plainly(text)
    except conform.LibraryError as error:
        assert error.text == text


def leak(cases, count):
    """Calls of all cases, until there were so many: the memory must stay as it is."""
    quick = [case for case in cases if is_quick(case)]

    def work(loop):
        def until(count):
            done = 0
            while done < count:
                done += all_cases(quick, loop)
                for _ in range(15):
                    large()
            gc.collect()

        # What is made once: buffers of the library's and of Python's, threads' stacks.
        until(min(count // 4, 50_000))
        before = resident()
        until(count)
        grown = resident() - before
        limit = (4 << 20) + count
        assert grown < limit, f"{grown} bytes more after {count} calls"
        assert conform.live() == 0, conform.live()

    with_loop(work)


async def storm(count):
    """So many async calls at once, more than a queue's limit, of which a third are cancelled."""
    right = cancelled = 0

    async def one(number):
        nonlocal right
        kind = number % 6
        if kind == 0:
            assert await conform.text_later(f"{number}", "x") == f"{number}[x]"
        elif kind == 1:
            with await conform.counter_open_later(number) as counter:
                assert await counter.add_later(1) == number + 1
        elif kind == 2:
            try:
                await conform.fail_later(3)
            except conform.LibraryError as error:
                assert error.code == 3
            else:
                raise AssertionError("it did not fail")
        elif kind == 3:
            assert await conform.u32_backwards([1, number]) == [number, 1]
        elif kind == 4:
            await conform.never()
        else:
            await conform.told(number)
        right += 1

    tasks = [asyncio.create_task(one(number)) for number in range(count)]
    quick = [task for number, task in enumerate(tasks) if number % 6 < 4]
    for number, task in enumerate(tasks):
        if number % 6 >= 4:
            # Some before they begin, some while they wait for their turn, some under way.
            await asyncio.sleep(0)
            task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, asyncio.CancelledError):
            cancelled += 1
        elif result is not None:
            raise result
    assert right == len(quick) and right + cancelled == count, (right, cancelled, count)
    await over()


async def over():
    """What was cancelled ends: its tag comes, though nobody waits for it."""
    # Once at least: the loop holds what the last task has raised until it turns.
    await asyncio.sleep(0.001)
    while conform._ops._queue_of(asyncio.get_running_loop()).waiting:
        await asyncio.sleep(0.001)


async def held():
    """A handle that nobody has any more, and a call under way still holds, is closed when that ends."""
    for _ in range(20):
        # The task has the only reference.
        task = asyncio.create_task(conform.counter_open(1).hold_later())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        del task
    await over()
    gc.collect()
    assert conform.live() == 0, conform.live()


async def closed():
    """A coroutine that is closed cancels its call, and leaves its place among those that wait for their turn."""
    never = conform.never()
    never.send(None)
    never.close()
    await asyncio.wait_for(over(), 100)
    queue = conform._ops._queue_of(asyncio.get_running_loop())
    calls = [conform.never() for _ in range(conform._ops.LIMIT + 1)]
    for call in calls:
        call.send(None)
    assert len(queue.turns) == 1
    calls.pop().close()
    assert not queue.turns
    for call in calls:
        call.close()
    await asyncio.wait_for(over(), 100)


async def turns():
    """A call that fails at its turn gives it to the next."""
    counter = conform.counter_open(1)
    never = [asyncio.ensure_future(conform.never()) for _ in range(conform._ops.LIMIT)]
    failing = [asyncio.ensure_future(counter.add_later(1)) for _ in never]
    last = asyncio.ensure_future(conform.i32_later(5))
    while len(conform._ops._queue_of(asyncio.get_running_loop()).turns) <= len(failing):
        await asyncio.sleep(0)
    counter.close()
    for task in never:
        task.cancel()
    assert await asyncio.wait_for(last, 100) == 5
    for error in await asyncio.gather(*failing, return_exceptions=True):
        assert isinstance(error, conform.InvalidHandleError), error


def forgotten():
    """A call whose loop was closed under it is cancelled when it is collected."""
    counter = conform.counter_open(1)
    loop = asyncio.new_event_loop()
    task = loop.create_task(counter.hold_later())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    # asyncio says that a task that waits was destroyed.
    task._log_destroy_pending = False
    del loop, task
    until = time.monotonic() + 60
    while True:
        # The next loop is the end of the queue.
        assert asyncio.run(conform.u8_later(7)) == 7
        gc.collect()
        try:
            counter.close()
        except conform.HandleBusyError:
            assert time.monotonic() < until, "it was not cancelled"
            continue
        break


def left():
    """A loop that ends with calls under way leaves no descriptor."""

    async def work():
        for _ in range(3):
            asyncio.ensure_future(conform.never())
        await asyncio.sleep(0)

    def loops(count):
        for _ in range(count):
            asyncio.run(work())
        gc.collect()

    loops(3)
    before = descriptors()
    loops(20)
    until = time.monotonic() + 60
    while descriptors() > before + 4 and time.monotonic() < until:
        time.sleep(0.01)
    # What the last loop has stays until the next one.
    assert descriptors() <= before + 4, (before, descriptors())


# What the library says of an op that had begun before a shutdown, and waited or ran.
UNDER_WAY = "before the operation was done|^conform: the library is shutting down"


async def meanwhile(count):
    """Calls while the library is shut down again and again. What a call may hear of that is that it was under way then;
    what the package does by itself is nobody else's duty.
    """
    over = False

    async def asks():
        while not over:
            try:
                assert await conform.i32_later(7) == 7
            except conform.StoppedError as error:
                assert re.search(UNDER_WAY, error.text), error

    def shuts_down():
        for _ in range(count):
            conform.shutdown()

    async def under_way():
        while not over:
            try:
                await conform.told(7)
            except conform.StoppedError as error:
                assert re.search(UNDER_WAY, error.text), error

    tasks = [asyncio.ensure_future(work()) for work in (asks, under_way) for _ in range(20)]
    await asyncio.to_thread(shuts_down)
    over = True
    await asyncio.to_thread(conform.shutdown)
    await asyncio.gather(*tasks)
    counter = conform.counter_open(1)
    counter.close()
    try:
        await counter.add_later(1)
    except conform.InvalidHandleError:
        return
    raise AssertionError("a closed handle was used")


async def held_up():
    """While a function of the host's holds a shutdown up, a call gets the shutdown's answer, and makes nothing anew."""
    called, let_go = threading.Event(), threading.Event()

    def stays(_):
        called.set()
        let_go.wait()

    assert await conform.i32_later(7) == 7
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    conform.keep_calling(conform.keep(stays))
    await asyncio.to_thread(called.wait)
    ends = asyncio.ensure_future(asyncio.to_thread(conform.shutdown))
    while conform.state() != conform.State.STOPPING:
        await asyncio.sleep(0.001)
    for _ in range(20):
        try:
            await conform.i32_later(7)
        except conform.StoppedError as error:
            assert error.text.startswith("conform: the library is shutting down"), error
        else:
            raise AssertionError("a call began during a shutdown")
    if before:
        assert len(os.listdir("/proc/self/fd")) < before + 10
    let_go.set()
    await ends
    assert await conform.i32_later(7) == 7


class NoReader(asyncio.SelectorEventLoop):
    """A loop that can't watch descriptors, as Windows' own."""

    def add_reader(self, fd, callback, *args):
        # Its own descriptor it watches another way.
        raise NotImplementedError


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def threads_named(name):
    return [thread for thread in threading.enumerate() if thread.name.startswith(name)]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    last = [case for case in cases if case.get("last")]
    cases = [case for case in cases if not case.get("last")]
    mode = sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    if mode == "cases":
        done = with_loop(lambda loop: all_cases(cases, loop))
        buffers()
        handles()
        refused()
        wrong_places()
        wrong_results()
        kept_results()
        counted_once()
        kept_again()
        texts()
        unchangeable()
        print(f"{done} calls")
    elif mode == "threads":
        failures = []

        def work():
            try:
                with_loop(lambda loop: all_cases([case for case in cases if is_quick(case)], loop))
            except BaseException as error:
                failures.append(error)

        # `live` counts for all threads together, so its case gives any number.
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
    elif mode == "fork":
        with_loop(lambda loop: all_cases(cases, loop))
        kept = conform.counter_open(5)
        before = asyncio.new_event_loop()
        before.run_until_complete(conform.u8_later(1))
        pid = os.fork()
        if pid == 0:
            try:
                with_loop(lambda loop: all_cases(cases, loop))
                # It is the parent's: closing it here does nothing.
                kept.close()
                try:
                    kept.value()
                except conform.InvalidHandleError:
                    os._exit(0)
            except BaseException as error:
                print("the child:", repr(error), flush=True)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert kept.value() == 5
        # The child has not touched what this loop watches with.
        assert before.run_until_complete(asyncio.wait_for(conform.u8_later(2), 100)) == 2
        with_loop(lambda loop: all_cases(cases, loop))
    elif mode == "leak":
        leak(cases, count)
    elif mode == "async":
        asyncio.run(storm(count))
        asyncio.run(held())
        asyncio.run(closed())
        forgotten()
        left()
        gc.collect()
        before = descriptors()
        for _ in range(20):
            assert asyncio.run(conform.u8_later(7)) == 7
        gc.collect()
        # A loop's end is the end of its queue. A thread of the library's that has just made it readable may still hold it.
        until = time.monotonic() + 60
        while descriptors() > before and time.monotonic() < until:
            time.sleep(0.01)
        assert descriptors() <= before, (before, descriptors())

        async def over_a_shutdown():
            """What is under way ends, and the next call begins again."""
            waiting = asyncio.create_task(conform.never())
            await asyncio.sleep(0)
            await asyncio.to_thread(conform.shutdown)
            try:
                await waiting
            except conform.StoppedError:
                pass
            else:
                raise AssertionError("it was not stopped")
            assert await conform.u8_later(3) == 3
            conform.shutdown()
            # The loop has not heard of this one yet.
            assert await conform.u8_later(4) == 4

        asyncio.run(over_a_shutdown())
        assert asyncio.run(conform.u8_later(5)) == 5
        assert conform.live() == 0, conform.live()
    elif mode == "thread_ops":
        loop = NoReader()
        loop.run_until_complete(storm(count))
        # No call is under way, so no thread waits for one; the one that took the last tag may still be ending.
        for thread in threads_named("conform ops"):
            thread.join()
        assert loop.run_until_complete(conform.u8_later(9)) == 9
        loop.close()
    elif mode == "turns":
        asyncio.run(turns())
    elif mode == "held_up":
        asyncio.run(held_up())
    elif mode == "meanwhile":
        asyncio.run(meanwhile(count))
        loop = NoReader()
        loop.run_until_complete(meanwhile(count))
        loop.close()
    elif mode == "exit":
        # The library's threads call back while Python ends.
        with_loop(lambda loop: all_cases(last, loop))
        sys.exit(7)
    elif mode == "passed_again":
        passed_again()
    elif mode == "late":
        # Not kept, and called when the call has returned.
        heard, seen = threading.Event(), []

        def hook(args):
            seen.append(str(args.exc_value))
            heard.set()

        sys.unraisablehook = hook
        conform.keep_calling(lambda _: None)
        heard.wait()
        conform.shutdown()
        assert "keep(function)" in seen[0], seen[:1]
        assert conform.u8_same(1) == 1
    else:
        sys.exit(__doc__)
    print("right")


main()
