// Holds the generated bindings for TypeScript against cases.json.
//
// conform_host.mjs PACKAGE MODEL CASES cases | threads | leak COUNT | async COUNT | thread_ops COUNT | exit HOW | late |
//   kept | worker HOW | terminate | turn | turns | stops_inside |
//   held_up | holds | meanwhile COUNT

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { pathToFileURL } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const [folder, modelFile, casesFile, mode, word] = isMainThread ? process.argv.slice(2) : workerData.words;
const conform = await import(pathToFileURL(`${folder}/index.js`));
const model = JSON.parse(readFileSync(modelFile, 'utf8'));
const every = JSON.parse(readFileSync(casesFile, 'utf8')).cases;
const cases = every.filter((one) => !one.last);
const last = every.filter((one) => one.last);

// Async calls that have no end of their own.
const SLOW = ['conform_given_up', 'conform_never', 'conform_told', 'conform_counter_hold_later'];

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const camel = ({ words }) => words[0] + words.slice(1).map(capital).join('');
const pascal = ({ words }) => words.map(capital).join('');
const named = (list, name) => list.find((one) => one.name.name === name);
const turn = () => new Promise(setImmediate);

const ARRAYS = {
  int: ({ signed, bits }) =>
    ({
      8: [Uint8Array, Int8Array],
      16: [Uint16Array, Int16Array],
      32: [Uint32Array, Int32Array],
      64: [BigUint64Array, BigInt64Array],
    })[bits || 64][Number(signed)],
  float: ({ bits }) => (bits === 32 ? Float32Array : Float64Array),
  char: () => Uint8Array,
};

/** What the callback `fail` throws. */
class Failed extends Error {}

/** One case: its handles, and what its callbacks were called with. */
class Run {
  handles = new Map();
  noted = [];

  /** A value of the list, as one of this type. */
  value(value, type) {
    if (value === null) return type.kind === 'pointer' || type.inside ? null : undefined;
    if (typeof value === 'object' && 'raw' in value) return value.raw;
    switch (type.kind) {
      case 'int':
        return (type.bits || 64) === 64 ? BigInt(value) : value;
      case 'float':
        return typeof value === 'string' ? Number(value.replace('inf', 'Infinity')) : value;
      case 'char':
        return value.charCodeAt(0);
      case 'enum': {
        const { name, variants } = named(model.enums, type.name);
        return conform[pascal(name)][pascal(named(variants, value).name)];
      }
      case 'slice': {
        const values = value.map((one) => this.value(one, type.of));
        return ARRAYS[type.of.kind]?.(type.of).from(values) ?? values;
      }
      case 'struct': {
        const { fields } = named(model.structs, type.name);
        const field = ({ name, type: of }) => [camel(name), this.value(value[name.name], { ...of, inside: true })];
        return Object.fromEntries(fields.map(field));
      }
      case 'reference':
        if (type.mutable && type.to.kind !== 'struct') return ARRAYS[type.to.kind](type.to).of(value);
        return this.value(value, type.to);
      case 'handle':
        return this.handles.get(value.handle);
      case 'callback':
        return type.inside ? BigInt(value) : this.callback(value, type);
      case 'pointer':
        return BigInt(value);
      default:
        return value;
    }
  }

  /** A function of the host's. */
  callback(value, { result }) {
    const number = (given) => (typeof given === 'object' ? given.number : Number(given));
    const fitting = (given) => (result.kind === 'int' && (result.bits || 64) === 64 ? BigInt(given) : given);
    return {
      same: (given) => fitting(number(given)),
      double: (given) => fitting(number(given) * 2),
      plus_one: (given) => fitting(number(given) + 1),
      note: (...args) => {
        this.noted.push(args);
        return null;
      },
      fail: () => {
        throw new Failed('from the callback');
      },
      use: () => this.handles.get(value.handle).value(),
      kept: conform.keep(() => {}),
    }[value.callback];
  }

  /** The function, bound if it is a method, and the arguments that are left. */
  function(of, args, sync) {
    const called = (owner, name) => {
      const found = `${name}${sync ? 'Sync' : ''}`;
      const method = owner[found] ?? owner[`${found}_`];
      assert(method, `there is no ${found}`);
      return method.bind(owner);
    };
    if (of.method && args[0] !== undefined) return [called(args[0], camel(of.method.name)), args.slice(1)];
    return [called(conform, camel(of.name)), args];
  }

  async step(step, form) {
    if ('close' in step) return this.handles.get(step.close).close();
    if ('noted' in step) {
      const wanted = step.noted.map((args) => args.map((one) => this.seen(one)));
      assert.deepEqual(this.noted, wanted);
      this.noted = [];
      return undefined;
    }
    const of = model.functions.find(({ symbol }) => symbol === step.call);
    const params = of.params.filter(({ user }) => !user);
    const args = step.args.map((arg, at) => this.value(arg, params[at].type));
    const sync = of.async !== null && form === 'sync' && step.only !== 'async';
    const [run, rest] = this.function(of, args, sync);
    let given;
    let error;
    let threw = false;
    try {
      const later = of.async !== null && !sync;
      given = later ? await run(...rest, { timeout: step.timeout_ms }) : run(...rest);
      assert(later || !(given instanceof Promise));
    } catch (caught) {
      [threw, error] = [true, caught];
    }
    return this.check(step, of, params, given, threw, error, args);
  }

  /** What a callback has seen: the list says it as every language does. */
  seen(value) {
    if (typeof value === 'string') return this.value(value, { kind: 'enum', name: 'conform_Mode' });
    if (value !== null && typeof value === 'object') return this.value(value, { kind: 'struct', name: 'conform_Inner' });
    return value;
  }

  check(step, of, params, given, threw, error, args) {
    const { fails } = step;
    if (fails !== undefined) {
      assert(threw, `it did not fail: ${JSON.stringify(step)}`);
      if (fails === 'callback') return assert(error instanceof Failed || error instanceof conform.HandleBusyError, error);
      if (!(error instanceof conform.ConformError)) throw error;
      assert.equal(error.code, fails.code);
      assert.equal(error instanceof conform.LibraryError, error.code > 0);
      assert.equal(error.text, error.message);
      if (fails.text !== undefined) assert.equal(error.text, fails.text);
      else assert(error.text.includes(fails.has), error.text);
      if (fails.name !== undefined) {
        const name = `${fails.name.split('_').map((one) => capital(one.toLowerCase())).join('')}Error`;
        assert.equal(error.constructor, conform[name]);
        assert.equal(error.name, name);
      }
      return undefined;
    }
    if (threw) throw error;
    const wanted = step.gives;
    if (wanted?.new !== undefined) this.handles.set(wanted.new, given);
    else if (wanted?.function !== undefined) assert.equal(given(...wanted.function.args), wanted.function.gives);
    else if (wanted?.any === undefined) {
      const right = of.result === null || wanted === undefined ? undefined : this.value(wanted, of.result.type);
      assert.deepEqual(given, right, JSON.stringify(step));
    }
    for (const [at, after] of Object.entries(step.after ?? {})) {
      const { type } = params[at];
      const right = this.value(after, type);
      // What was passed as a plain array is still one.
      assert.deepEqual(args[at], Array.isArray(args[at]) ? Array.from(right) : right, JSON.stringify(step));
    }
    return undefined;
  }
}

const stepsOf = (one) => one.steps ?? [one];
const isQuick = (one) => stepsOf(one).every(({ call }) => !SLOW.includes(call));

async function run(one, form) {
  const this_ = new Run();
  for (const step of stepsOf(one)) await this_.step(step, form);
  return stepsOf(one).length;
}

async function allCases(list) {
  let done = 0;
  for (const form of ['async', 'sync']) for (const one of list) done += await run(one, form);
  return done;
}

/** Numbers where they are, in every kind of array, and none that does not fit. */
function buffers() {
  assert.equal(conform.u8Last(Buffer.from('ab')), 98);
  assert.equal(conform.u8Last(new Uint8Array([1, 2, 3]).subarray(0, 2)), 2);
  assert.equal(conform.u32Last([1, 2]), 2);
  const numbers = new Uint32Array([1, 2, 3]);
  conform.u32Fill(numbers, 9);
  assert.deepEqual(Array.from(numbers), [1, 9, 9]);
  conform.u32Fill(numbers.subarray(1), 5);
  assert.deepEqual(Array.from(numbers), [1, 9, 5]);
  const list = [1, 2, 3];
  conform.u32Fill(list, 4);
  assert.deepEqual(list, [1, 4, 4]);
  const big = [1n, 2n];
  conform.i64Fill(big, -5n);
  assert.deepEqual(big, [1n, -5n]);
  assert.equal(conform.u8Last(new Uint8Array()), undefined);
  assert.equal(conform.u32Last([]), undefined);
  assert.equal(conform.textMaybe(null), -1n);
  for (const call of [
    () => conform.u8Last([1]),
    () => conform.u8Last('ab'),
    () => conform.u8Last(numbers),
    () => conform.u32Last(new Int32Array(1)),
    () => conform.u32Last(new DataView(new ArrayBuffer(4))),
    () => conform.textSame(Buffer.from('bytes')),
    () => conform.textSame(5n),
    () => conform.each(1, 5),
    () => conform.each('1', () => 1n),
    () => conform.u64Same(5),
    () => conform.u32Same('5'),
    () => conform.boolSame(1),
    () => conform.f64Same('1'),
    () => conform.valueMaybe({}),
    () => conform.numberChange([1], 1),
    () => conform.each(1, () => 5),
  ]) {
    assert.throws(call, TypeError, call.toString());
  }
  for (const call of [
    () => conform.u8Same(256),
    () => conform.u8Same(-1),
    () => conform.u8Same(1.5),
    () => conform.i8Same(NaN),
    () => conform.u32Same(2 ** 32),
    () => conform.i64Same(2n ** 63n),
    () => conform.usizeSame(2n ** 64n),
    () => conform.u8Call(0, () => 300),
    () => conform.i8Last([1, 128]),
    () => conform.innerSame({ number: 2 ** 32, mode: conform.Mode.Exact }),
  ]) {
    assert.throws(call, RangeError, call.toString());
  }
}

/** A text that UTF-8 does not have is refused: nothing of a text is replaced. */
async function texts() {
  for (const text of ['\ud800', '\udfff', 'ab\udc00c', '\ud83d', '\ude00\ud83d', '\ud83d\ud83d\ude00']) {
    const wrong = (name) => ({ name: 'TypeError', message: new RegExp(`^${name}: the character at \\d is half of a pair`) });
    assert.throws(() => conform.textSame(text), wrong('text'));
    assert.throws(() => conform.textMaybe(text), wrong('text'));
    assert.throws(() => conform.textJoin('', text), wrong('other'));
    assert.throws(() => conform.textLaterSync('', text), wrong('other'));
    await assert.rejects(conform.textLater(text), wrong('one'));
  }
  for (const text of ['\ud83d\ude00', 'a\ud83d\ude00?', '\ud7ff\ue000', '\0?']) assert.equal(conform.textOwn(text), text);
}

/** What a call could not change is refused before the call, and so is what is not there any more. */
function unchangeable() {
  const inner = (number) => ({ number, mode: conform.Mode.Exact });
  const fixed = (value) => Object.freeze(value);
  const last = Object.defineProperty([1n, 2n], 1, { writable: false });
  const getter = Object.defineProperty(inner(1), 'number', { get: () => 1 });
  const point = (fields) => ({
    ...{ flag: true, i8: 1, i16: 1, i32: 1, i64: 1n, isize: 1n, u8: 1, u16: 1, u32: 1, u64: 1n, usize: 1n, f32: 1, f64: 1 },
    ...{ letter: 65, mode: conform.Mode.Exact, inner: inner(1) },
    ...fields,
  });
  const first = inner(1);
  for (const [name, call] of [
    ['values', () => conform.u32Fill(fixed([1, 2]), 9)],
    ['values', () => conform.i64Fill(last, 9n)],
    ['values', () => conform.boolFill(fixed([true, true]), false)],
    ['values', () => conform.modeFill(fixed([0, 0]), 1)],
    ['numbers', () => conform.numbersChangeMaybe(fixed([1, 2]))],
    ['values', () => conform.innerFill([inner(1), first, fixed(inner(1))], inner(9))],
    ['values', () => conform.innerFill([inner(1), first, getter], inner(9))],
    ['point', () => conform.pointChange(fixed(point({})))],
    ['point', () => conform.pointChangeMaybe(fixed(point({})))],
  ]) {
    assert.throws(call, { name: 'TypeError', message: new RegExp(`^${name}: the call changes it`) }, call.toString());
  }
  // Nothing was called.
  assert.deepEqual([first, last], [inner(1), [1n, 2n]]);
  // An array of which the call changes the objects can be frozen itself, and one without elements anything.
  conform.innerFill(fixed([inner(1), first]), inner(9));
  assert.equal(first.number, 9);
  conform.u32Fill(fixed([]), 9);
  // Memory that has gone to another owner is not an empty array.
  const gone = new Uint8Array(4);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  const beyond = new Uint32Array(new ArrayBuffer(8, { maxByteLength: 8 }), 4, 1);
  beyond.buffer.resize(4);
  for (const call of [() => conform.u8Last(gone), () => conform.u32Last(beyond), () => conform.u32Fill(beyond, 1)]) {
    assert.throws(call, { name: 'TypeError', message: /^values: its memory is not there any more/ });
  }
  // Shared memory is passed where it is.
  const shared = new Uint32Array(new SharedArrayBuffer(8));
  conform.u32Fill(shared, 9);
  assert.deepEqual(Array.from(shared), [0, 9]);
  for (const [call, said] of [
    [() => conform.u8Same('1'), "value: pass a number, not '1'"],
    [() => conform.u64Same(5), 'value: pass a bigint, not 5'],
    [() => conform.boolSame('true'), "value: pass true or false, not 'true'"],
    [() => conform.f64Same(5n), 'value: pass a number, not 5n'],
    [() => conform.textSame({ a: 1 }), 'text: pass a string, not { a: 1 }'],
  ]) {
    assert.throws(call, { name: 'TypeError', message: said });
  }
  // What is no struct, and no array of structs.
  for (const call of [
    () => conform.innerLast(),
    () => conform.innerLast([1]),
    () => conform.innerSame(),
    () => conform.pointChange(null),
  ]) {
    assert.throws(call, { name: 'TypeError', message: /^(values|value|point): pass an / }, call.toString());
  }
}

/** What closes a handle, and what a callback's error is. */
async function handles() {
  const before = conform.live();
  const counter = conform.counterOpen(1n);
  assert.equal(conform.live(), before + 1n);
  counter[Symbol.dispose]();
  assert.equal(conform.live(), before);
  counter.close();
  conform.counterOpen(2n);
  await collected(before);
  const held = conform.counterOpen(3n);
  assert.throws(() => held.hold(() => held.close()), conform.HandleBusyError);
  assert.equal(held.value(), 4n);
  held.close();
  assert.equal(conform.live(), before);
  // Anything can be thrown, and the function is not called again in that call.
  let calls = 0;
  const thrown = (what) => {
    try {
      conform.each(4, () => {
        calls += 1;
        throw what;
      });
    } catch (error) {
      return [error];
    }
    return [];
  };
  assert.deepEqual(thrown(undefined), [undefined]);
  assert.deepEqual(thrown('a text'), ['a text']);
  assert.equal(calls, 2);
}

/** Calls inside callbacks, deeper than any pool of threads. */
function nested() {
  const deep = (level) => (level === 0 ? 1n : conform.each(1, () => deep(level - 1) + 1n));
  assert.equal(deep(6), 7n);
  assert.equal(conform.onWorker(1, (one) => conform.onWorker(one, (two) => two + 1)), 2);
}

async function collected(live) {
  while (conform.live() !== live) {
    globalThis.gc();
    await turn();
  }
}

/** What the library gives, so large that nothing of it can be forgotten unnoticed. */
function large() {
  const text = 'x'.repeat(200_000);
  assert.equal(conform.textOwn(text), text);
  assert.equal(conform.u8Many(1, 200_000).length, 200_000);
  assert.equal(conform.innerMany({ number: 1, mode: conform.Mode.Exact }, 15_000).length, 15_000);
  assert.throws(() => conform.failPlainly(text), conform.LibraryError);
}

/** Calls of all cases, until there were so many: the memory must stay as it is. */
async function leak(count) {
  const quick = cases.filter(isQuick);
  const until = async (count) => {
    for (let done = 0; done < count; ) done += await allCases(quick);
    for (let time = 0; time < 600; time++) large();
    await collected(0n);
    globalThis.gc();
  };
  // What is made once: buffers of the library's and of node's, threads, compiled code.
  await until(Math.min(Math.trunc(count / 4), 50_000));
  const before = process.memoryUsage.rss();
  await until(count);
  const grown = process.memoryUsage.rss() - before;
  // The engine grows its heap, compiles, and gives little back.
  const limit = (64 << 20) + count;
  console.log(`${grown} bytes more after ${count} calls`);
  assert(grown < limit, `${grown} bytes more after ${count} calls`);
}

/** So many async calls at once, more than a queue's limit, of which a third are cancelled. */
async function storm(count) {
  let right = 0;
  const one = async (number, signal) => {
    switch (number % 6) {
      case 0:
        assert.equal(await conform.textLater(`${number}`, 'x', { signal }), `${number}[x]`);
        break;
      case 1: {
        const counter = await conform.counterOpenLater(BigInt(number), { signal });
        assert.equal(await counter.addLater(1n, { signal }), BigInt(number + 1));
        counter.close();
        break;
      }
      case 2:
        await assert.rejects(conform.failLater(3, { signal }), conform.TakenError);
        break;
      case 3:
        assert.deepEqual(Array.from(await conform.u32Backwards([1, number], { signal })), [number, 1]);
        break;
      case 4:
        await conform.never({ signal });
        break;
      default:
        await conform.told(number, { signal });
    }
    right += 1;
  };
  const signals = [];
  const tasks = [];
  for (let number = 0; number < count; number++) {
    const controller = new AbortController();
    signals.push(controller);
    tasks.push(one(number, controller.signal));
  }
  let cancelled = 0;
  const ends = tasks.map((task, number) =>
    task.catch((error) => {
      assert(number % 6 >= 4, error);
      assert.equal(error, signals[number].signal.reason);
      cancelled += 1;
    }),
  );
  for (let number = 0; number < count; number++) {
    if (number % 6 < 4) continue;
    // Some while they wait for their turn, some under way.
    if (number % 5 === 0) await turn();
    signals[number].abort(new Error(`cancelled ${number}`));
  }
  await Promise.all(ends);
  assert.equal(right + cancelled, count);
  assert.equal(cancelled, signals.filter((_, number) => number % 6 >= 4).length);
  await assert.rejects(conform.never({ signal: AbortSignal.abort() }), { name: 'AbortError' });
}

/** Handles are alive until the call that uses them is over, though it was cancelled and nobody has them. */
async function held() {
  const one = async () => {
    const controller = new AbortController();
    const called = conform.counterOpen(1n).holdLater({ signal: controller.signal });
    await turn();
    controller.abort();
    await assert.rejects(called, { name: 'AbortError' });
  };
  for (let time = 0; time < 50; time++) await one();
  await collected(0n);
}

const descriptors = () => readdirSync('/proc/self/fd').length;

async function overAShutdown() {
  const stopped = assert.rejects(conform.never(), conform.StoppedError);
  await turn();
  await conform.shutdown();
  await stopped;
  assert.equal(await conform.u8Later(3), 3);
  conform.shutdownSync();
  // The loop has not heard of this one yet.
  assert.equal(await conform.u8Later(4), 4);
  await conform.wait();
  assert.equal(conform.state(), conform.State.Ready);
  assert(conform.report().timeline_ns);
}

/** What the library says of an op that had begun before a shutdown, and waited or ran. */
const UNDER_WAY = /before the operation was done|^conform: the library is shutting down/;

/**
 * Calls while the library is shut down again and again. What a call may hear of that is that it was under way then; what
 * the package does by itself is nobody else's duty.
 */
async function meanwhile(count) {
  let over = false;
  const asks = async (call) => {
    while (!over) {
      try {
        assert.equal(await call(7), 7);
      } catch (error) {
        assert(error instanceof conform.StoppedError && UNDER_WAY.test(error.message), error);
      }
    }
  };
  const all = Array.from({ length: 40 }, (_, at) => asks(at % 2 ? conform.i32Later : conform.told));
  for (let time = 0; time < count; time++) await conform.shutdown();
  over = true;
  await conform.shutdown();
  await Promise.all(all);
  const counter = conform.counterOpen(1n);
  counter.close();
  await assert.rejects(counter.addLater(1n), conform.InvalidHandleError);
}

/**
 * While a function of the host's holds a shutdown up, a call gets the shutdown's answer, and makes nothing anew. That
 * function is another thread's, because it blocks its own.
 */
async function heldUp() {
  assert.equal(await conform.i32Later(7), 7);
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const words = [folder, modelFile, casesFile, 'holds'];
  const worker = new Worker(new URL(import.meta.url), { workerData: { words, flags } });
  const ended = once(worker, 'exit');
  while (Atomics.load(flags, 0) === 0) await turn();
  const ends = conform.shutdown();
  while (conform.state() !== conform.State.Stopping) await turn();
  for (let time = 0; time < 20; time++) {
    await assert.rejects(conform.i32Later(7), (error) => {
      assert(error instanceof conform.StoppedError, error);
      return error.message.startsWith('conform: the library is shutting down');
    });
  }
  letGo(flags, 1);
  await ends;
  // The end of a thread whose function the library has kept is a shutdown, too.
  await ended;
  assert.equal(await conform.i32Later(7), 7);
}

/** Holds the shutdown up until the other thread lets go. */
function holds({ flags }) {
  // A kept function keeps no thread alive.
  const alive = setInterval(() => {}, 60_000);
  conform.keepCalling(
    conform.keep(() => {
      letGo(flags, 0);
      Atomics.wait(flags, 1, 0);
      clearInterval(alive);
    }),
  );
}

function letGo(flags, at) {
  Atomics.store(flags, at, 1);
  Atomics.notify(flags, at);
}

/** Runs this file in another thread, and gives the code with which it ends. */
function inThread(mode, word) {
  const words = [folder, modelFile, casesFile, mode, word];
  return new Worker(new URL(import.meta.url), { workerData: { words } });
}

/** So many warnings of the process. */
function warnings() {
  const seen = [];
  process.on('warning', (warning) => seen.push(warning.message));
  return seen;
}

switch (mode) {
  case 'cases':
    console.log(`${await allCases(cases)} calls`);
    buffers();
    await texts();
    unchangeable();
    await handles();
    nested();
    break;
  case 'threads': {
    const codes = Array.from({ length: 8 }, () => once(inThread('thread'), 'exit'));
    assert.deepEqual(await Promise.all(codes), Array(8).fill([0]));
    // Each has ended for itself: the library goes on.
    await allCases(cases.filter(isQuick));
    break;
  }
  case 'thread':
    await allCases(cases.filter(isQuick));
    break;
  case 'leak':
    await leak(Number(word));
    break;
  case 'async': {
    await storm(Number(word));
    await held();
    // The package's threads have descriptors of their own from now on.
    await overAShutdown();
    const before = descriptors();
    for (let time = 0; time < 5; time++) await overAShutdown();
    while (descriptors() > before) await turn();
    break;
  }
  case 'thread_ops': {
    // A loop that can't watch descriptors, as on Windows. What is printed needs a socket, too, if it goes to a pipe.
    assert(process.stdout && process.stderr);
    const { Socket } = net;
    net.Socket = class {
      constructor() {
        throw new Error('it can not watch');
      }
    };
    await storm(Number(word));
    assert.equal(await conform.u8Later(9), 9);
    net.Socket = Socket;
    break;
  }
  case 'held_up':
    await heldUp();
    break;
  case 'holds':
    holds(workerData);
    break;
  case 'meanwhile':
    await meanwhile(Number(word));
    break;
  case 'turn': {
    // The only call that somebody waits for waits for its turn.
    const stop = new AbortController();
    for (let i = 0; i < 1024; i++) conform.never({ signal: stop.signal }).catch(() => {});
    const last = conform.i32Later(5);
    stop.abort();
    assert.equal(await last, 5);
    break;
  }
  case 'turns': {
    // A call that fails at its turn gives it to the next.
    const stop = new AbortController();
    const counter = conform.counterOpen(1n);
    for (let i = 0; i < 1024; i++) conform.never({ signal: stop.signal }).catch(() => {});
    const fails = Array.from({ length: 1024 }, () => assert.rejects(counter.addLater(1n), conform.InvalidHandleError));
    const last = conform.i32Later(5);
    counter.close();
    stop.abort();
    assert.equal(await last, 5);
    await Promise.all(fails);
    break;
  }
  case 'late': {
    // Not kept, and called when the call has returned.
    const seen = warnings();
    conform.keepCalling(() => {});
    while (seen.length === 0) await turn();
    await conform.shutdown();
    assert(seen[0].includes('keep(function)'), seen[0]);
    assert.equal(conform.u8Same(1), 1);
    break;
  }
  case 'kept': {
    const seen = warnings();
    let calls = 0;
    let promises = 0;
    const forGood = conform.keep(() => {
      calls += 1;
      if (calls === 3) throw new Error('from a kept function');
      if (calls === 5) {
        promises += 1;
        return Promise.reject(new Error('from an async function'));
      }
      return undefined;
    });
    conform.keepCalling(forGood);
    while (calls < 50 || seen.length < 2) await turn();
    assert.deepEqual(seen, ['from a kept function', 'from an async function']);
    // It would wait for threads that wait for this one.
    assert.throws(() => conform.u8LaterSync(1), conform.WouldDeadlockError);
    assert.equal(await conform.u8Later(1), 1);
    assert.equal(conform.each(3, (n) => BigInt(n)), 3n);
    conform.shutdownSync();
    assert.equal(conform.u8LaterSync(1), 1);
    const before = calls;
    conform.keepCalling(forGood);
    while (calls < before + 10) await turn();
    // Passed again when the library has stopped, and before this thread hears of that: it stays.
    conform.shutdownSync();
    assert.equal(conform.u8Same(1), 1);
    const stopping = conform.shutdown();
    while (conform.state() !== conform.State.Cold);
    conform.keepCalling(forGood);
    await stopping;
    const after = calls;
    while (calls < after + 10 && seen.length === 2) await turn();
    assert.equal(seen.length, 2, seen[2]);
    break;
  }
  case 'stops_inside': {
    // A thread of the library's calls a function all the time, and what asks for that waits for another answer.
    let calls = 0;
    conform.keepCalling(conform.keep(() => void (calls += 1)));
    while (calls < 10) await turn();
    const waits = conform.wait();
    conform.shutdownSync();
    await waits.catch((error) => assert(error instanceof conform.StoppedError, error));
    // A shutdown would wait for the function that asks for it.
    assert.throws(() => conform.each(1, () => conform.shutdownSync()), conform.WouldDeadlockError);
    assert.equal(conform.u8Same(1), 1);
    break;
  }
  case 'exit':
    // The library's threads call back while node ends. Nothing is printed if the end did not wait for them.
    await allCases(last);
    if (word === 'exit') process.exit(7);
    else if (word === 'inside') conform.each(3, () => process.exit(7));
    else if (word === 'throw') process.on('uncaughtException', () => process.exit(7)), setImmediate(() => assert.fail('it'));
    else process.exitCode = 7;
    break;
  case 'worker': {
    // Its end shuts the library down, and this thread's next call starts it again.
    const worker = inThread('kept_in_worker', word);
    assert.deepEqual(await once(worker, 'exit'), [word === 'exit' ? 7 : 0]);
    assert.equal(conform.u8Same(1), 1);
    process.exitCode = 7;
    break;
  }
  case 'terminate': {
    // With functions of its own that the library calls all the time: a shutdown before it, on any thread, makes it safe.
    const worker = inThread('kept_and_called');
    await once(worker, 'message');
    await conform.shutdown();
    assert.equal(await worker.terminate(), 1);
    assert.equal(conform.u8Same(1), 1);
    process.exitCode = 7;
    break;
  }
  case 'kept_and_called': {
    let calls = 0;
    conform.keepCalling(conform.keep(() => ++calls === 10 && parentPort.postMessage('called')));
    setInterval(() => {}, 1000);
    break;
  }
  case 'kept_in_worker':
    await allCases(last);
    if (word === 'exit') process.exit(7);
    break;
  default:
    assert.fail(`no such mode: ${mode}`);
}
if (isMainThread && process.exitCode === undefined) console.log('right');
