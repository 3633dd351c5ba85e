// Async calls in this thread's event loop. Written by cargo rt0 bindings.
//
// The loop watches the descriptor of a queue, which is made when it is first needed. Where it can't, a thread of the
// package's waits while calls are under way. Nothing here keeps a loop alive that nobody waits for.

import { setMaxListeners } from 'node:events';
import { closeSync } from 'node:fs';
import net from 'node:net';

import { later } from './callbacks.js';
import { errorOf } from './errors.js';
import * as _l from './library.js';
import { P, address } from './memory.js';

const OK = 0;
const STOPPED = -7;
const TIMED_OUT = -15;
const BUSY = -21;

// How many calls one thread may have under way. More of them wait for their turn.
const LIMIT = 1024;
const ROOM = 64;

class Queue {
  constructor() {
    this.open = true;
    // Whether a call has begun on it.
    this.used = false;
    /** @type {Map<number, { done: () => void, op: bigint, kept: any[] }>} */
    this.waiting = new Map();
    // How many callers wait: those that were cancelled don't.
    this.callers = 0;
    this.taking = false;
    /** @type {net.Socket | null} */
    this.socket = null;
    const code = _l.queueNew(LIMIT, P.out, P.err);
    if (code !== OK) throw _l.failure(code, P);
    this.queue = P.u64[0];
    this.watch();
  }

  watch() {
    if (process.platform === 'win32') return;
    const code = _l.queueFd(this.queue, P.out, P.err);
    if (code !== OK) throw _l.failure(code, P);
    const fd = Number(P.i64[0]);
    let socket;
    try {
      // It reads the bytes, and closes the descriptor.
      socket = new net.Socket({ fd, readable: true, writable: false });
    } catch {
      closeSync(fd);
      return;
    }
    socket.on('data', () => this.drain(false));
    socket.on('end', () => this.drain(true));
    socket.on('error', () => this.drain(true));
    socket.unref();
    this.socket = socket;
  }

  /** @param {boolean} over */
  drain(over) {
    const tags = new BigUint64Array(ROOM);
    let code = OK;
    while (code === OK && this.open) {
      code = _l.x_queue_take(this.queue, tags, ROOM, P.out, 0);
      if (code === OK) this.done(tags, Number(P.u64[0]));
    }
    if (over || code !== TIMED_OUT) this.close();
  }

  /**
   * @param {BigUint64Array} tags
   * @param {number} count
   */
  done(tags, count) {
    for (let at = 0; at < count; at++) {
      const tag = Number(tags[at]);
      const one = this.waiting.get(tag);
      this.waiting.delete(tag);
      one?.done();
      turn();
    }
  }

  /** Takes on a thread of the package's, until no call is under way. */
  async take() {
    if (this.socket !== null || this.taking) return;
    this.taking = true;
    let code = OK;
    while (code === OK && this.open && this.waiting.size > 0) {
      const tags = new BigUint64Array(ROOM);
      const count = new BigUint64Array(1);
      const args = [this.queue, address(tags), ROOM, address(count), -1];
      ({ code } = await later('x_queue_take', args));
      if (code === OK) this.done(tags, Number(count[0]));
    }
    this.taking = false;
    if (code !== OK || queue !== this) this.close();
  }

  /** @param {number} more */
  counted(more) {
    this.callers += more;
    // The loop goes on while somebody waits.
    if (this.callers === 0) this.socket?.unref();
    else if (this.callers === more) this.socket?.ref();
  }

  /** Calls begin on another queue. This one goes on until its last tag has come. */
  retire() {
    if (queue === this) queue = null;
    while (turns.length > 0) turn();
    if (this.socket === null && !this.taking) this.close();
  }

  /** After a shutdown. */
  close() {
    if (!this.open) return;
    this.open = false;
    if (queue === this) queue = null;
    this.socket?.destroy();
    _l.queueFree(this.queue);
    // Their ends say how they ended.
    for (const { done } of this.waiting.values()) done();
    this.waiting.clear();
    while (turns.length > 0) turn();
  }
}

/** @type {Queue | null} */
let queue = null;
let lastTag = 0;

// Who waits for a turn.
/** @type {(() => void)[]} */
const turns = [];

function turn() {
  turns.shift()?.();
}

/** This thread ends: what it has begun is given up. */
export function ended() {
  const last = queue;
  queue = null;
  if (last === null || !last.open) return;
  last.open = false;
  for (const { op } of last.waiting.values()) _l.opFree(op);
  _l.queueFree(last.queue);
}

/**
 * Begins an op, and waits until it is done. Its `_end` takes the result. `kept` lives until the op is done.
 *
 * @param {(queue: bigint, tag: number, milliseconds: number) => number} begin
 * @param {import('../index.js').CallOptions | undefined} options
 * @param {any[]} kept
 * @returns {Promise<bigint>}
 */
export async function run(begin, options, kept) {
  const milliseconds = _l.milliseconds(options?.timeout);
  const signal = options?.signal;
  let waited = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const here = (queue ??= new Queue());
      const tag = ++lastTag;
      const code = begin(here.queue, tag, milliseconds);
      if (code === OK) {
        here.used = true;
        return begun(here, tag, P.u64[4], signal, kept);
      }
      const error = _l.failure(code, P);
      if (code === BUSY) {
        here.counted(1);
        await myTurn(signal);
        here.counted(-1);
        waited = true;
      } else if (code === STOPPED && !here.used && _l.x_wait(0) === STOPPED) {
        // Another queue would be of no more use. What this one says may be of an earlier shutdown.
        _l.checked(STOPPED);
      } else if (code === STOPPED && _l.start() === OK) {
        // The library was shut down after the queue was made, and the loop has not heard of it yet, or tags of calls
        // that were under way then are still to come. A library that can't start again has ended for good.
        here.retire();
      } else {
        throw error;
      }
    }
  } catch (error) {
    // It does not begin, so no tag comes that gives its turn to whoever is next.
    if (waited) turn();
    throw error;
  }
}

/**
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
function myTurn(signal) {
  return new Promise((go) => {
    const mine = () => {
      signal?.removeEventListener('abort', given);
      go();
    };
    // `run` looks at the signal.
    const given = () => {
      const at = turns.indexOf(mine);
      if (at >= 0) turns.splice(at, 1);
      go();
    };
    signal?.addEventListener('abort', given, { once: true });
    turns.push(mine);
  });
}

/**
 * @param {Queue} here
 * @param {number} tag
 * @param {bigint} op
 * @param {AbortSignal | undefined} signal
 * @param {any[]} kept
 * @returns {Promise<bigint>}
 */
function begun(here, tag, op, signal, kept) {
  return new Promise((resolve, reject) => {
    let waits = true;
    const done = () => {
      if (!waits) return;
      waits = false;
      here.counted(-1);
      signal?.removeEventListener('abort', cancelled);
      resolve(op);
    };
    const cancelled = () => {
      if (!waits) return;
      waits = false;
      here.counted(-1);
      // Cancels it. Its tag still comes.
      _l.opFree(op);
      reject(signal?.reason ?? errorOf(-20, 'the call was cancelled'));
    };
    here.waiting.set(tag, { done, op, kept });
    here.counted(1);
    // Many calls with one signal are no leak.
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener('abort', cancelled, { once: true });
    void here.take();
  });
}
