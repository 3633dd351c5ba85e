"""A program with types, which mypy and pyright check with the package."""

from __future__ import annotations

import array

import conform
from conform import Counter, Inner, Mode, Point


async def later() -> int:
    text: str = await conform.text_later("a", None, timeout=1.5)
    maybe: str | None = await conform.text_find_later(True)
    with await conform.counter_open_later(1) as counter:
        return await counter.add_later(2) + len(text) + len(maybe or "")


def now(point: Point) -> list[Mode]:
    total: int = conform.each(3, lambda number: number * 2)
    number: int | None = conform.u32_last([1, 2])
    number = conform.u32_last(array.array("I", [1]))
    raw: bytes = conform.u8_many(1, 2)
    flag: bool = conform.bool_same(True)
    with conform.counter_open(5) as counter:
        value: int = counter.value()
    found: Counter | None = conform.counter_find(1)
    inner: Inner = conform.inner_same(Inner(number=1, mode=Mode.EXACT))
    conform.point_change(point)
    conform.keep_calling(conform.keep(print))
    try:
        conform.fail(2)
    except conform.NotThereError as error:
        total += error.code + len(error.text)
    print(total, number, raw, flag, value, found, inner)
    return conform.mode_many(Mode.NONE, 2)
