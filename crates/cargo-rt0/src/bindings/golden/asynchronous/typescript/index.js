// Written by cargo rt0 bindings from xample: a change here is lost when it is written again. The documentation
// is in index.d.ts.

import * as _c from './lib/callbacks.js';
import * as _l from './lib/library.js';
import * as _m from './lib/memory.js';
import * as _o from './lib/ops.js';
import * as _t from './lib/types.js';

export {
  XampleError,
  LibraryError,
  NotReadyError,
  BootFailedError,
  PanickedError,
  CalledFromBootError,
  WouldDeadlockError,
  ForkedError,
  StoppedError,
  InvalidArgumentError,
  InvalidUtf8Error,
  InvalidHandleError,
  NotStartedError,
  NoThreadError,
  NoBootEntryError,
  NotNotifiedError,
  TimedOutError,
  HandleBusyError,
  NoMemoryError,
  EndedBadlyError,
  RuntimeLostError,
  CancelledError,
  BusyError,
  NotDoneError,
} from './lib/errors.js';
export { events, keep } from './lib/callbacks.js';
export { report, shutdown, shutdownSync, start, state, wait } from './lib/lifecycle.js';
export { State } from './lib/types.js';

const _P = _m.P;

// Closes those that were forgotten.
/** @type {FinalizationRegistry<bigint>} */
const _forgottenCursor = new FinalizationRegistry((handle) => _l.x_Cursor_free(handle));

export class Cursor {
  // The number is never used twice, so one that is closed is an error and nothing else.
  /** @param {bigint} handle */
  constructor(handle) {
    this._handle = handle;
    this._open = true;
    _forgottenCursor.register(this, handle, this);
  }

  _closed() {
    this._open = false;
    _forgottenCursor.unregister(this);
  }

  close() {
    if (!this._open) return;
    const code = _l.x_Cursor_free(this._handle);
    // It is gone already, or goes with the library.
    if (code !== -10 && code !== -7) _l.checked(code);
    this._closed();
  }

  [Symbol.dispose]() {
    this.close();
  }
}

/**
 * @returns {bigint}
 */
export function size() {
  const _given = _l.x_size();
  return BigInt(_given);
}

/**
 * @param {import('./index.js').CallOptions} [options]
 * @returns {Promise<void>}
 */
export async function rest(options) {
  const _op = await _o.run(
    (_queue, _tag, _ms) =>
      _l.x_rest_begin(_ms, _queue, _tag, _P.op, _P.err),
    options,
    [],
  );
  const _code = _l.x_rest_end(_op, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
}

/**
 * @returns {void}
 */
export function restSync() {
  _c.canWait();
  const _code = _l.x_rest(_P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
}

/**
 * @param {string} url
 * @param {number} queue
 * @param {number} ms
 * @param {Cursor | undefined} at
 * @param {Cursor} last
 * @param {import('./index.js').CallOptions} [options]
 * @returns {Promise<string | undefined>}
 */
export async function fetch(url, queue, ms, at, last, options) {
  if (typeof queue !== 'number' || queue !== (queue | 0)) throw _t.outside(queue, -2147483648, 2147483647, 'queue');
  if (typeof ms !== 'number' || ms !== (ms | 0)) throw _t.outside(ms, -2147483648, 2147483647, 'ms');
  const _op = await _o.run(
    (_queue, _tag, _ms) =>
      _l.x_fetch_begin(url, _m.length(url, 'url'), queue, ms, at == null ? 0n : _m.handle(at, Cursor, 'at'), _m.handle(last, Cursor, 'last'), _ms, _queue, _tag, _P.op, _P.err),
    options,
    [at, last],
  );
  const _code = _l.x_fetch_end(_op, _P.out, _P.len, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  last._closed();
  return _P.u64[0] === 0n ? undefined : _m.text(_P);
}

/**
 * @param {string} url
 * @param {number} queue
 * @param {number} ms
 * @param {Cursor | undefined} at
 * @param {Cursor} last
 * @returns {string | undefined}
 */
export function fetchSync(url, queue, ms, at, last) {
  _c.canWait();
  if (typeof queue !== 'number' || queue !== (queue | 0)) throw _t.outside(queue, -2147483648, 2147483647, 'queue');
  if (typeof ms !== 'number' || ms !== (ms | 0)) throw _t.outside(ms, -2147483648, 2147483647, 'ms');
  const _code = _l.x_fetch(url, _m.length(url, 'url'), queue, ms, at == null ? 0n : _m.handle(at, Cursor, 'at'), _m.handle(last, Cursor, 'last'), _P.out, _P.len, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  last._closed();
  return _P.u64[0] === 0n ? undefined : _m.text(_P);
}
