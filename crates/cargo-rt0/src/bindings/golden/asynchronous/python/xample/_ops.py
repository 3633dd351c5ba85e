"""Async calls in asyncio's loops. Written by cargo rt0 bindings.

Each loop has a queue, which is made when it is first needed. The loop watches its descriptor; where loops can't, a
thread waits. Nothing here keeps a loop alive.
"""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections import deque
from ctypes import byref, c_size_t, c_ssize_t, c_uint64, c_void_p
from typing import Any, Callable

from . import _library
from ._library import STOPPED, can_start, check_open, failure, op_free, queue_fd, queue_free, queue_new, queue_take

_OK = 0
_TIMED_OUT = -15
_BUSY = -21

# How many calls one loop may have under way. More of them wait for their turn.
LIMIT = 1024

_Begin = Callable[[c_void_p, int, Any, Any], int]


def _is_over() -> bool:
    """Whether Python has ended so far that modules have lost their names."""
    return globals().get("_queues") is None


class _Queue:
    """The queue of one loop. Only the loop's own thread uses it, besides the thread that waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = weakref.ref(loop)
        self.queue = c_void_p()
        self.fd: int | None = None
        self.open = True
        # Whether a call has begun on it.
        self.used = False
        self.forks = _library.forks
        # What waits for each tag, and what must live until the tag comes.
        self.waiting: dict[int, tuple[asyncio.Future[None], object]] = {}
        self.turns: deque[asyncio.Future[None]] = deque()
        self.tag = 0
        err = c_void_p()
        code = queue_new(LIMIT, byref(self.queue), byref(err))
        if code:
            raise failure(code, err)
        try:
            self.watch(loop)
        except BaseException:
            queue_free(self.queue)
            raise

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        if os.name != "nt":
            fd, err = c_ssize_t(), c_void_p()
            code = queue_fd(self.queue, byref(fd), byref(err))
            if code:
                raise failure(code, err)
            this: weakref.ref[_Queue] = weakref.ref(self)
            try:
                loop.add_reader(fd.value, _arrived, this)
            except NotImplementedError:
                os.close(fd.value)
            else:
                self.fd = fd.value
                return
        # A thread for each burst of calls: it ends when none is under way.
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        # Calls whose tags were not taken. For a moment less than nothing: a tag can be taken before its call is counted.
        self.under_way = 0

    def take(self, timeout_ms: int) -> tuple[int, list[int]]:
        tags, count = (c_uint64 * 64)(), c_size_t()
        code: int = queue_take(self.queue, tags, 64, byref(count), timeout_ms)
        return code, tags[: count.value] if code == _OK else []

    def arrived(self) -> None:
        """The loop's descriptor is readable."""
        assert self.fd is not None
        # First the bytes, then the tags: a byte that comes in between wakes the loop once more.
        try:
            ended = os.read(self.fd, 64) == b""
        except (BlockingIOError, InterruptedError):
            ended = False
        self.drain(ended)

    def drain(self, ended: bool) -> None:
        code = _OK
        while code == _OK:
            code, tags = self.take(0)
            if self.fd is None:
                with self.lock:
                    self.under_way -= len(tags)
            self.done(tags)
        if ended or code != _TIMED_OUT:
            self.close()

    def done(self, tags: list[int]) -> None:
        for tag in tags:
            future, _ = self.waiting.pop(tag)
            if not future.done():
                future.set_result(None)
        for _ in tags:
            self.turn()

    def turn(self) -> None:
        """The next call that waits for its turn may begin."""
        while self.turns:
            future = self.turns.popleft()
            if not future.done():
                future.set_result(None)
                return

    async def wait_for_turn(self) -> None:
        """A call waits for its turn, and leaves if it is cancelled, closed or collected."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.turns.append(turn)
        try:
            await turn
        except BaseException:
            self.left(turn)
            raise

    def left(self, turn: asyncio.Future[None]) -> None:
        """A call no longer waits for its turn."""
        loop = self.loop()
        if loop is None or loop.is_closed():
            return
        if not turn.done():
            self.turns.remove(turn)
        elif not turn.cancelled():
            # Whoever is next gets the turn that was given to this one.
            self.turn()

    def give_up(self, op: c_void_p, is_over: Callable[[], bool] = _is_over) -> None:
        """Cancels an op, if it is not done. Its tag still comes."""
        if not is_over() and not _library.ended and self.forks == _library.forks:
            op_free(op)

    def retire(self) -> None:
        """Calls begin on another queue. This one goes on until its last tag has come."""
        loop = self.loop()
        if loop is not None and _queues.get(loop) is self:
            del _queues[loop]
        while self.turns:
            self.turn()
        if not self.waiting:
            self.close()

    def close(self) -> None:
        """After a shutdown, or with its loop."""
        if not self.open:
            return
        self.open = False
        loop = self.loop()
        if loop is not None and _queues.get(loop) is self:
            del _queues[loop]
        if self.fd is not None:
            # A child of fork shares what its parent's loop watches with, and must not change it.
            if loop is not None and not loop.is_closed() and self.forks == _library.forks:
                loop.remove_reader(self.fd)
            os.close(self.fd)
            self.fd = None
        if self.forks == _library.forks and not _library.ended:
            queue_free(self.queue)
        if loop is None or loop.is_closed():
            # Nobody can be told.
            self.turns.clear()
        while self.turns:
            self.turn()

    def __del__(self, is_over: Callable[[], bool] = _is_over) -> None:
        if not is_over() and (hasattr(self, "thread") or self.fd is not None):
            self.close()

    # The thread, where a loop can't watch.

    def begun(self) -> None:
        if self.fd is not None:
            return
        with self.lock:
            self.under_way += 1
            if self.under_way > 0 and self.thread is None:
                self.thread = threading.Thread(target=self.wait, name="xample ops", daemon=True)
                self.thread.start()

    def wait(self) -> None:
        while True:
            code, tags = self.take(-1)
            loop = self.loop()
            if loop is None:
                return
            with self.lock:
                self.under_way -= len(tags)
                last = code != _OK or self.under_way <= 0
                if last:
                    self.thread = None
            try:
                loop.call_soon_threadsafe(self.heard, code, tags)
            except RuntimeError:
                # The loop is closed.
                return
            if last:
                return
            del loop

    def heard(self, code: int, tags: list[int]) -> None:
        self.done(tags)
        if code != _OK:
            self.close()


# The queue of each loop that has made one. It does not keep the loop.
_queues: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue] = weakref.WeakKeyDictionary()


def _arrived(this: weakref.ref[_Queue]) -> None:
    queue = this()
    if queue is not None:
        queue.arrived()


def _forked() -> None:
    """A child has none of its parent's queues: its loops are new ones."""
    for queue in list(_queues.values()):
        queue.close()
    _queues.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _sweep() -> None:
    """Closes the queues of loops that are closed. What waits for a tag has its loop, so neither goes by itself."""
    for ref in _queues.keyrefs():
        loop = ref()
        if loop is not None and loop.is_closed():
            queue = _queues.pop(loop, None)
            if queue is not None:
                queue.close()


def _queue_of(loop: asyncio.AbstractEventLoop) -> _Queue:
    queue = _queues.get(loop)
    if queue is None or not queue.open:
        _sweep()
        queue = _queues[loop] = _Queue(loop)
    return queue


async def run(begin: _Begin, kept: object) -> c_void_p:
    """Begins an op, and waits until it is done. Its `_end` takes the result. `kept` lives until the op is done."""
    loop = asyncio.get_running_loop()
    # Where it has waited for its turn.
    waited: _Queue | None = None
    try:
        while True:
            queue = _queue_of(loop)
            queue.tag += 1
            tag = queue.tag
            op, err = c_void_p(), c_void_p()
            done: asyncio.Future[None] = loop.create_future()
            queue.waiting[tag] = (done, kept)
            try:
                code = begin(queue.queue, tag, byref(op), byref(err))
            except BaseException:
                # ctypes refuses an argument.
                del queue.waiting[tag]
                raise
            if code == _OK:
                break
            del queue.waiting[tag]
            error = failure(code, err)
            if code == _BUSY:
                waited = None
                await queue.wait_for_turn()
                waited = queue
                continue
            if code == STOPPED and not queue.used:
                # Another queue would be of no more use. What this one says may be of an earlier shutdown.
                check_open()
            if code != STOPPED or not can_start():
                raise error
            # The library was shut down after the queue was made, and the loop has not heard of it yet, or tags of calls
            # that were under way then are still to come.
            queue.retire()
    except BaseException:
        if waited is not None:
            # It does not begin, so no tag comes that gives its turn to whoever is next.
            waited.turn()
        raise
    queue.used = True
    queue.begun()
    try:
        await done
    except BaseException:
        # Cancelled, closed or collected: nobody waits for it any more.
        queue.give_up(op)
        raise
    return op
