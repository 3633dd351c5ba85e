"""asyncio, with ctypes: each async export of the shop becomes an awaitable."""

import asyncio
import ctypes
import os
import sys
from ctypes import POINTER, byref, c_char_p, c_int32, c_size_t, c_ssize_t, c_uint32, c_uint64, c_void_p

OK, TIMED_OUT, STOPPED = 0, -15, -7
ERR = POINTER(c_void_p)

lib = ctypes.CDLL(sys.argv[1])
for name, result, *parameters in (
    ("fetch_begin", c_int32, c_char_p, c_size_t, c_int32, c_void_p, c_uint64, ERR, ERR),
    ("fetch_end", c_int32, c_void_p, ERR, POINTER(c_size_t), ERR),
    ("op_cancel", c_int32, c_void_p),
    ("op_free", c_int32, c_void_p),
    ("queue_new", c_int32, c_uint32, ERR, ERR),
    ("queue_free", c_int32, c_void_p),
    ("queue_take", c_int32, c_void_p, POINTER(c_uint64), c_size_t, POINTER(c_size_t), c_int32),
    ("queue_fd", c_int32, c_void_p, POINTER(c_ssize_t), ERR),
    ("open", c_uint64),
    ("shutdown", c_int32, c_int32),
    ("free", c_int32, c_void_p),
):
    function = getattr(lib, "shop_" + name)
    function.restype, function.argtypes = result, parameters


class ShopError(Exception):
    def __init__(self, code, text):
        super().__init__("%d %s" % (code, text))
        self.code = code


def text_of(owned):
    """The text behind an owned pointer, which is freed."""
    text = ctypes.string_at(owned).decode() if owned else ""
    lib.shop_free(owned)
    return text


def check(code, err):
    if code != OK:
        raise ShopError(code, text_of(err))


# docs: asyncio
class Shop:
    """The shop in the event loop that runs now."""

    def __init__(self):
        self.queue, self.waiting, self.tag = c_void_p(), {}, 0
        fd, err = c_ssize_t(), c_void_p()
        check(lib.shop_queue_new(1000, byref(self.queue), byref(err)), err)
        check(lib.shop_queue_fd(self.queue, byref(fd), byref(err)), err)
        self.fd = fd.value
        asyncio.get_running_loop().add_reader(self.fd, self.arrived)

    def arrived(self):
        try:
            ended = os.read(self.fd, 64) == b""
        except BlockingIOError:
            ended = False
        tags, count = (c_uint64 * 64)(), c_size_t()
        while lib.shop_queue_take(self.queue, tags, 64, byref(count), 0) == OK:
            for tag in tags[: count.value]:
                done = self.waiting.pop(tag)
                if not done.done():
                    done.set_result(None)
        if ended:
            self.close()

    def close(self):
        """At a shutdown, or when the shop is not needed any more."""
        asyncio.get_running_loop().remove_reader(self.fd)
        os.close(self.fd)
        self.fd = None
        lib.shop_queue_free(self.queue)

    async def fetch(self, item, timeout_ms=-1):
        self.tag += 1
        text, op, err = item.encode(), c_void_p(), c_void_p()
        code = lib.shop_fetch_begin(
            text, len(text), timeout_ms, self.queue, self.tag, byref(op), byref(err)
        )
        check(code, err)
        done = self.waiting[self.tag] = asyncio.get_running_loop().create_future()
        try:
            await done
        except asyncio.CancelledError:
            # Cancels the op too. Its tag still comes.
            lib.shop_op_free(op)
            raise
        out = c_void_p()
        check(lib.shop_fetch_end(op, byref(out), None, byref(err)), err)
        return text_of(out)
# docs: end


async def failed(coroutine):
    try:
        return "no error: %s" % await coroutine
    except ShopError as error:
        return error


async def main():
    shop = Shop()
    print("does not block = %d" % (not os.get_blocking(shop.fd)))
    print("closes at exec = %d" % (not os.get_inheritable(shop.fd)))
    items = ["item %d" % number for number in range(100)]
    fetched = await asyncio.gather(*map(shop.fetch, items))
    print("fetched =", sum(text == item + ", fetched" for text, item in zip(fetched, items)))
    print("refused =", await failed(shop.fetch("unicorn")))
    print("late =", await failed(shop.fetch("moon", 10)))

    task = asyncio.create_task(shop.fetch("moon"))
    while not shop.waiting:
        await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as error:
        print("cancelled =", type(error).__name__)
    while shop.waiting or lib.shop_open() != 0:
        await asyncio.sleep(0.001)
    print("open = 0")

    task = asyncio.create_task(failed(shop.fetch("moon")))
    while not shop.waiting:
        await asyncio.sleep(0)
    # On another thread: the loop goes on, and hears that the op is over.
    print("shutdown =", await asyncio.to_thread(lib.shop_shutdown, -1))
    print("stopped =", await task)
    while shop.fd is not None:
        await asyncio.sleep(0.001)
    print("reads as ended = 1")


asyncio.run(main())
