// A program with types, which tsc checks with the package.

import {
  Counter,
  Mode,
  NotThereError,
  Wide,
  add,
  boolSame,
  counterFind,
  counterOpen,
  counterOpenLater,
  each,
  fail,
  innerSame,
  keep,
  keepCalling,
  modeMany,
  pointChange,
  shutdown,
  state,
  State,
  textFindLater,
  textLater,
  u32Last,
  u64Same,
  u8Many,
  wideSame,
} from 'conform';
import type { Inner, Point } from 'conform';

export async function later(signal: AbortSignal): Promise<bigint> {
  const text: string = await textLater('a', undefined, { timeout: 1500, signal });
  const maybe: string | undefined = await textFindLater(true);
  using counter = await counterOpenLater(1n);
  return (await counter.addLater(2n)) + BigInt(text.length + (maybe?.length ?? 0));
}

export function now(point: Point): readonly Mode[] {
  let total: bigint = each(3, (number) => BigInt(number * 2));
  const sum: bigint = add(1, 2);
  const number: number | undefined = u32Last([1, 2]) ?? u32Last(new Uint32Array(2));
  const raw: Uint8Array = u8Many(1, 2);
  const flag: boolean = boolSame(true);
  using counter: Counter = counterOpen(5n);
  const found: Counter | undefined = counterFind(1n);
  const inner: Inner = innerSame({ number: 1, mode: Mode.Exact });
  const wide: Wide = wideSame(Wide.Most);
  pointChange(point);
  keepCalling(keep((count: bigint) => console.log(count)));
  try {
    fail(2);
  } catch (error) {
    if (error instanceof NotThereError) total += BigInt(error.code + error.text.length);
  }
  console.log(total, sum, number, raw, flag, counter.value(), found, inner, wide, state() === State.Ready);
  void shutdown(100);
  return modeMany(Mode.None, 2);
}

// What the types refuse.
// @ts-expect-error: a number of 64 bits is a bigint.
u64Same(5);
// @ts-expect-error: none of the values.
modeMany(7, 1);
// @ts-expect-error: only the library makes handles.
new Counter(1n);
// @ts-expect-error: a text is no address.
each(1, 'callback');
