// Functions of this thread's that the library calls. Written by cargo rt0 bindings.
//
// A function runs on the thread that has made it, but the library may call it on any thread of its own, while this one
// waits in the call. So two threads of the package's (`thread.js`) stand between:
//
//     this thread       asks for the call, then waits, and runs each function that it is asked for
//     the caller        calls the library, with addresses that C can call
//     the relay         is what C calls at these addresses: it asks this thread, and C waits for the answer
//
// Neither of the two is in this thread's way, so no call can wait for itself. When this thread ends the relay answers
// everything at once, so the library can be shut down. What C calls finds its function by a number, which the library
// hands back: one that calls back too late calls nothing, and a warning says so.

import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';

import koffi from 'koffi';

import { errorOf } from './errors.js';
import { PATH } from './library.js';
import * as _t from './types.js';

const RESULT = "the callback's result";

/**
 * How each type of callback is called: which argument is the number, what the function gets, how its result is read.
 *
 * @type {Array<{ user: number, args: (a: any[]) => any[], read: (given: any) => any }>}
 */
const THUNKS = [
  { user: 0, args: (a) => a.slice(1), read: () => undefined },
  { user: 1, args: (a) => [BigInt(a[0])], read: (given) => _t.i32(given, RESULT) },
  { user: -1, args: (a) => [a[0], a[1]], read: (given) => _t.pointer(given, RESULT) },
  { user: -1, args: (a) => [BigInt(a[0]), a[1]], read: (given) => _t.i32(given, RESULT) },
];

/**
 * What goes to functions of the library's, and what comes back.
 *
 * @type {Record<number, { args: (a: any[]) => any[], read: (given: any) => any }>}
 */
const THEIRS = {
  3: { args: (a) => [_t.u64(a[0], 'argument 0'), a[1]], read: (given) => given },
};

/** A function while the library may call it. */
class Entry {
  /**
   * @param {(...args: any[]) => any} run
   * @param {number} key
   * @param {Call | null} call
   */
  constructor(run, key, call) {
    this.run = run;
    this.key = key;
    // The call that waits for it; null: none does.
    this.call = call;
    // Of one for which none waits: how many shutdowns had begun when the last call that passed it was over; Infinity
    // until then.
    this.passed = shutdowns;
    // Whether it hears of events.
    this.hears = false;
  }
}

// The functions that run now, each inside the one before.
/** @type {Entry[]} */
const running = [];

/** @type {Map<number, Entry>} */
const entries = new Map();
let keys = 0;
// How many shutdowns have begun on this thread.
let shutdowns = 0;

// What `keep` has given.
/** @type {WeakMap<Function, { entry: Entry, bare: Map<number, bigint> }>} */
const kept = new WeakMap();
// Those of these that the library may call now.
/** @type {Set<Entry>} */
const keptNow = new Set();

/**
 * @template {(...args: any[]) => unknown} F
 * @param {F} run
 * @returns {F}
 */
export function keep(run) {
  isFunction(run);
  const entry = new Entry(run, ++keys, null);
  const wrapped = /** @type {any} */ ((/** @type {any[]} */ ...args) => entry.run(...args));
  kept.set(wrapped, { entry, bare: new Map() });
  return wrapped;
}

/** @param {unknown} run */
function isFunction(run) {
  if (typeof run !== 'function') throw new TypeError(`a callback must be a function, not ${_t.shown(run)}`);
}

/**
 * What no call waits for any more: it is told as node tells warnings, and ends nothing.
 *
 * @param {unknown} error
 */
function report(error) {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}

/**
 * @typedef {object} Asked
 * @property {number} back The type of the callback.
 * @property {number | null} key Of what gets no number from C.
 * @property {any[]} args
 */

/**
 * Runs the function that C has called, and gives what C gets. Nothing that it throws is lost, and none goes further.
 *
 * @param {Asked} asked
 */
function called({ back, key, args }) {
  const { user, args: toHost, read } = THUNKS[back];
  const entry = entries.get(key ?? Number(args[user]));
  const call = entry?.call ?? null;
  // The call has failed already.
  if (call?.failed) return _t.ZEROS[back];
  try {
    if (entry === undefined) {
      throw new Error('xample: the library called back after its call had returned: pass keep(function)');
    }
    const given = ran(entry, toHost(args));
    // What an async function throws later, no call can wait for.
    if (typeof given?.then === 'function') given.then(undefined, report);
    return read(given);
  } catch (error) {
    if (call === null) report(error);
    else call.fail(error);
    return _t.ZEROS[back];
  }
}

/**
 * @param {Entry} entry
 * @param {any[]} args
 */
function ran(entry, args) {
  running.push(entry);
  try {
    return entry.run(...args);
  } finally {
    running.pop();
  }
}

/**
 * An address that C can call for a callback that gets no number, and the number by which its function is found.
 *
 * @typedef {object} Bare
 * @property {bigint} thunk
 * @property {number} key
 */

// So many addresses of one type are made before one is used again: until then a call that comes too late is noticed.
const POOL = 32;

// [0]: rings when a thread of a helper's has said something.
const bell = new Int32Array(new SharedArrayBuffer(4));

/** The two threads, and what is under way on them. */
class Helper {
  constructor() {
    const relay = new MessageChannel();
    const caller = new MessageChannel();
    const answers = new MessageChannel();
    // [0]: rings when the relay is answered. [1]: 1 once this thread has ended. [2]: how many of the two have started.
    this.words = new Int32Array(new SharedArrayBuffer(12));
    this.answers = answers.port1;
    this.relay = relay.port1;
    this.caller = caller.port1;
    /** @type {Map<number, (said: any) => void>} */
    this.promised = new Map();
    this.serial = 0;
    this.calling = false;
    this.asked = false;
    /** @type {Map<number, bigint>} */
    this.thunks = new Map();
    /** @type {Map<number, Bare[]>} */
    this.pools = new Map();
    const start = (/** @type {string} */ role, /** @type {any} */ ports) => {
      const worker = new Worker(new URL('./thread.js', import.meta.url), {
        name: `xample ${role}`,
        execArgv: [],
        workerData: { xLibrary: PATH, role, bell, words: this.words, ...ports },
        transferList: Object.values(ports),
      });
      worker.unref();
    };
    start('relay', { port: relay.port2, answers: answers.port2 });
    start('caller', { port: caller.port2 });
    for (const port of [this.relay, this.caller]) {
      port.on('message', (said) => this.heard(said));
      port.unref();
    }
  }

  /** Whether a call can begin here: no other is under way, and the relay waits for nothing. */
  get free() {
    return !this.calling && !this.asked;
  }

  /** @param {any} said */
  heard(said) {
    if (said.back === undefined) {
      this.promised.get(said.done)?.(said);
      return;
    }
    this.asked = true;
    try {
      this.answers.postMessage(called(said));
    } finally {
      this.asked = false;
      Atomics.add(this.words, 0, 1);
      Atomics.notify(this.words, 0);
    }
  }

  /**
   * Asks one of the two, and waits for its answer. Whatever the library calls meanwhile is run, also what it calls by
   * other helpers: it may wait for that before it answers. One message of each at a time, so that the answer is seen.
   *
   * @param {import('node:worker_threads').MessagePort} port
   * @param {any} what
   */
  ask(port, what) {
    const serial = ++this.serial;
    /** @type {any} */
    let answer;
    this.promised.set(serial, (said) => {
      this.promised.delete(serial);
      answer = said;
    });
    port.postMessage({ ...what, serial });
    for (;;) {
      const rung = Atomics.load(bell, 0);
      let silent = true;
      for (const one of helpers) {
        for (const from of [one.relay, one.caller]) {
          const got = receiveMessageOnPort(from);
          if (got === undefined) continue;
          silent = false;
          one.heard(got.message);
          if (answer !== undefined) return answer;
        }
      }
      if (silent) Atomics.wait(bell, 0, rung);
    }
  }

  /**
   * Calls a function of the library's by its name, and waits.
   *
   * @param {string} symbol
   * @param {any[]} args
   */
  call(symbol, args) {
    this.calling = true;
    try {
      const said = this.ask(this.caller, { symbol, args });
      if (said.threw !== undefined) throw said.threw;
      return said;
    } finally {
      this.calling = false;
    }
  }

  /**
   * The same for an event loop.
   *
   * @param {string} symbol
   * @param {any[]} args
   * @returns {Promise<any>}
   */
  later(symbol, args) {
    const serial = ++this.serial;
    this.calling = true;
    this.caller.ref();
    return new Promise((done, failed) => {
      this.promised.set(serial, (said) => {
        this.promised.delete(serial);
        this.calling = false;
        this.caller.unref();
        if (said.threw === undefined) done(said);
        else failed(said.threw);
      });
      this.caller.postMessage({ symbol, args, serial });
    });
  }

  /**
   * What C calls for callbacks of this type.
   *
   * @param {number} number
   */
  thunk(number) {
    let thunk = this.thunks.get(number);
    if (thunk === undefined) {
      thunk = this.made(number, null);
      this.thunks.set(number, thunk);
    }
    return thunk;
  }

  /**
   * @param {number} number
   * @param {number | null} key
   * @returns {bigint}
   */
  made(number, key) {
    const said = this.ask(this.relay, { thunk: number, key });
    if (said.threw !== undefined) throw said.threw;
    return said.value;
  }
}

/** @type {Helper[]} */
const helpers = [];

function helper() {
  let free = helpers.find((one) => one.free);
  if (free === undefined) {
    free = new Helper();
    helpers.push(free);
  }
  return free;
}

/** A call with callbacks. */
export class Call {
  constructor() {
    this.helper = helper();
    /** @type {Array<{ entry: Entry, pool: Bare[] | null, bare: Bare | null }>} */
    this.entered = [];
    /** @type {Entry[]} */
    this.passed = [];
    this.failed = false;
    /** @type {unknown} */
    this.thrown = undefined;
  }

  /** @param {unknown} error */
  fail(error) {
    this.failed = true;
    this.thrown = error;
  }

  /**
   * Lets the library call this function.
   *
   * @param {number} number
   * @param {any} run
   */
  enter(number, run) {
    const thunk = this.guarded(() => this.helper.thunk(number));
    let entry = this.keptEntry(run);
    if (entry === undefined) {
      this.guarded(() => isFunction(run));
      entry = new Entry(run, ++keys, this);
      this.entered.push({ entry, pool: null, bare: null });
      entries.set(entry.key, entry);
    }
    return { thunk, key: BigInt(entry.key) };
  }

  /**
   * The same for a callback that gets no number.
   *
   * @param {number} number
   * @param {any} run
   */
  enterBare(number, run) {
    const entry = this.keptEntry(run);
    if (entry !== undefined) {
      const { bare } = /** @type {any} */ (kept.get(run));
      let thunk = bare.get(number);
      if (thunk === undefined) {
        thunk = this.guarded(() => this.helper.made(number, entry.key));
        bare.set(number, thunk);
      }
      return { thunk };
    }
    return this.guarded(() => {
      isFunction(run);
      const pool = this.helper.pools.get(number) ?? [];
      this.helper.pools.set(number, pool);
      let bare = pool.length >= POOL ? pool.shift() : undefined;
      if (bare === undefined) {
        const key = ++keys;
        bare = { key, thunk: this.helper.made(number, key) };
      }
      const entry = new Entry(run, bare.key, this);
      this.entered.push({ entry, pool, bare });
      entries.set(bare.key, entry);
      return { thunk: bare.thunk };
    });
  }

  /** @param {any} run */
  keptEntry(run) {
    const entry = kept.get(run)?.entry;
    if (entry === undefined) return undefined;
    entries.set(entry.key, entry);
    keptNow.add(entry);
    entry.passed = Infinity;
    this.passed.push(entry);
    return entry;
  }

  /**
   * @template T
   * @param {() => T} work
   * @returns {T}
   */
  guarded(work) {
    try {
      return work();
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  /**
   * Calls. What it gets the addresses of lives until it is done.
   *
   * @param {string} symbol
   * @param {() => any[]} args
   * @param {any[]} held
   */
  run(symbol, args, held) {
    this.held = held;
    return this.guarded(() => {
      const { value } = this.helper.call(symbol, args());
      this.leave();
      return value;
    });
  }

  leave() {
    for (const { entry, pool, bare } of this.entered) {
      entries.delete(entry.key);
      if (pool !== null && bare !== null) pool.push(bare);
    }
    this.entered = [];
    for (const entry of this.passed) entry.passed = shutdowns;
    this.passed = [];
    this.held = undefined;
  }

  /**
   * What a failed call throws: what a callback has thrown comes first.
   *
   * @param {unknown} error
   */
  either(error) {
    return this.failed ? this.thrown : error;
  }

  /** After a call that has succeeded. */
  check() {
    if (this.failed) throw this.thrown;
  }
}

/**
 * Calls a function of the library's that returns a status, on another thread, while this one goes on.
 *
 * @param {string} symbol
 * @param {any[]} args
 */
export async function later(symbol, args) {
  const { value, text } = await helper().later(symbol, args);
  return { code: value, text };
}

/**
 * The same, but this thread waits, and runs what the library calls meanwhile.
 *
 * @param {string} symbol
 * @param {any[]} args
 */
export function now(symbol, args) {
  const { value, text } = helper().call(symbol, args);
  return { code: value, text };
}

/** Whether this thread has functions that the library may call now, or has had some. */
export function started() {
  return helpers.length > 0;
}

/** Whether the library may call functions of this thread's that no call waits for. */
export function stays() {
  return keptNow.size > 0 || current !== null;
}

/** Before a call that waits for threads of the library's, which may wait for a function of this thread's. */
export function canWait() {
  if (keptNow.size > 0) {
    throw errorOf(
      -5,
      'xample: threads of the library may be calling a function that was kept, and it runs on this thread only when ' +
        'nothing else does: use the async form of this call',
    );
  }
}

/** Gives the shutdown's number. */
export function shutdownBegins() {
  shutdowns += 1;
  return shutdowns;
}

/**
 * Forgets what this shutdown has ended. A call that was over later may have started the library again, and what it has
 * passed stays: until the next shutdown, if this one did end it.
 *
 * @param {number} number
 */
export function stopped(number) {
  for (const [key, entry] of entries) {
    if (entry.call !== null || entry.passed >= number) continue;
    entries.delete(key);
    keptNow.delete(entry);
    if (entry === current) current = null;
  }
}

/** Before a call that would wait for the function that makes it. */
export function canStop() {
  if (running.length > 0) {
    throw errorOf(
      -5,
      'xample: called inside a function that the library has called, which would deadlock; let that function return ' +
        'first',
    );
  }
}

/** This thread ends: what the library calls from now on is answered at once. */
export function ended() {
  for (const { words } of helpers) {
    Atomics.store(words, 1, 1);
    Atomics.add(words, 0, 1);
    Atomics.notify(words, 0);
    // Node ends these threads next, and koffi does not survive that while it loads.
    for (let have = Atomics.load(words, 2); have < 2; have = Atomics.load(words, 2)) {
      if (Atomics.wait(words, 2, have, 10_000) === 'timed-out') break;
    }
  }
}

// The handler of events.
/** @type {Entry | null} */
let current = null;

/**
 * @param {number} level
 * @param {((...args: any[]) => void) | null | undefined} handler
 */
export function events(level, handler) {
  const run = handler ?? null;
  if (run !== null) isFunction(run);
  _t.i32(level, 'level');
  if (running.some((one) => one.hears)) {
    throw errorOf(
      -5,
      'xample: called inside the callback for events, which would deadlock; call it when that has returned',
    );
  }
  const before = current;
  const entry = run === null ? null : new Entry(run, ++keys, null);
  const here = helper();
  if (entry !== null) {
    entry.hears = true;
    entries.set(entry.key, entry);
  }
  const args = entry === null ? [level, null, null] : [level, here.thunk(0), BigInt(entry.key)];
  const { value, text } = here.call('x_events', args);
  if (value !== 0) {
    if (entry !== null) entries.delete(entry.key);
    throw errorOf(value, text);
  }
  // The former handler has been told everything.
  if (before !== null) entries.delete(before.key);
  current = entry;
}

/**
 * A function of the library's.
 *
 * @param {number} number
 * @param {any} address
 */
export function theirs(number, address) {
  const { args, read } = THEIRS[number];
  const call = koffi.decode(address, _t.PROTOS[number]);
  return (/** @type {any[]} */ ...a) => read(call(...args(a)));
}
