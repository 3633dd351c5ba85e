// Written by cargo rt0 bindings from xample: a change here is lost when it is written again. The documentation
// is in index.d.ts.

import * as _c from './lib/callbacks.js';
import * as _l from './lib/library.js';
import * as _m from './lib/memory.js';
import * as _t from './lib/types.js';

export {
  XampleError,
  LibraryError,
  BusyError,
  NoPlaceError,
  CodesError,
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
  Rt0BusyError,
  NotDoneError,
} from './lib/errors.js';
export { keep } from './lib/callbacks.js';
export { report, shutdown, shutdownSync, start, state, wait } from './lib/lifecycle.js';
export { State, Mode, Signed, Wide, Huge, Flags, Empty } from './lib/types.js';

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

  /**
   * @returns {import('./index.js').Hit}
   */
  step() {
    const _out = _m.room(_t._Hit);
    const _code = _l.x_step(this._handle, _m.place(_out), _P.err);
    if (_code !== 0) throw _l.failure(_code, _P);
    return _t._hitOf(_m.read(_out, _t._Hit));
  }

  /**
   * @param {import('./index.js').Mode} by
   * @returns {import('./index.js').Mode}
   */
  look(by) {
    if (typeof by !== 'number' || by !== (by & 255)) throw _t.outside(by, 0, 255, 'by');
    const _code = _l.x_look(this._handle, by, _P.out, _P.err);
    if (_code !== 0) throw _l.failure(_code, _P);
    return /** @type {any} */ (_P.u8[0]);
  }

  /**
   * @returns {void}
   */
  close_() {
    const _code = _l.x_close(this._handle, _P.err);
    if (_code !== 0) throw _l.failure(_code, _P);
    this._closed();
  }
}

/**
 * @returns {void}
 */
export function nothing() {
  const _code = _l.x_nothing(_P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
}

/**
 * @returns {bigint}
 */
export function size() {
  const _given = _l.x_size();
  return BigInt(_given);
}

/**
 * @param {boolean} now
 * @returns {void}
 */
export function stop(now) {
  _l.x_stop(_t.flag(now, 'now'));
}

/**
 * @param {string} word
 * @returns {bigint}
 */
export function count(word) {
  const _code = _l.x_count(word, _m.length(word, 'word'), _P.out, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  return _P.u64[0];
}

/**
 * @param {string} class_
 * @param {number} class_2
 * @param {number} out
 * @param {number} err
 * @param {number} int32T
 * @param {import('./index.js').Hit} xHit
 * @param {number} linux
 * @param {number} n
 * @returns {number}
 */
export function keywords(class_, class_2, out, err, int32T, xHit, linux, n) {
  if (typeof class_2 !== 'number' || class_2 !== (class_2 | 0)) throw _t.outside(class_2, -2147483648, 2147483647, 'class_2');
  if (typeof out !== 'number' || out !== (out | 0)) throw _t.outside(out, -2147483648, 2147483647, 'out');
  if (typeof err !== 'number' || err !== (err | 0)) throw _t.outside(err, -2147483648, 2147483647, 'err');
  if (typeof int32T !== 'number' || int32T !== (int32T | 0)) throw _t.outside(int32T, -2147483648, 2147483647, 'int32T');
  if (typeof linux !== 'number' || linux !== (linux | 0)) throw _t.outside(linux, -2147483648, 2147483647, 'linux');
  if (typeof n !== 'number' || n !== (n | 0)) throw _t.outside(n, -2147483648, 2147483647, 'n');
  const _code = _l.x_keywords(class_, _m.length(class_, 'class_'), class_2, out, err, int32T, _t._hitC(xHit, 'xHit'), linux, n, _P.out, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  return _P.i32[0];
}

/**
 * @param {readonly import('./index.js').Hit[]} from
 * @param {Uint8Array} into
 * @param {BigUint64Array | readonly bigint[]} own
 * @param {string | undefined} maybe
 * @param {bigint} signed
 * @returns {Uint8Array}
 */
export function buffers(from, into, own, maybe, signed) {
  const _in_from = _m.structs(from, _t._Hit, _t._hitC, 'from');
  const _in_into = _m.bytes(into, 'into');
  const _in_own = _m.numbers(own, BigUint64Array, _t.u64, 'own');
  if (typeof signed !== 'bigint' || BigInt.asIntN(64, signed) !== signed) throw _t.outside(signed, -9223372036854775808n, 9223372036854775807n, 'signed');
  const _code = _l.x_buffers(_m.place(_in_from), from.length, _m.place(_in_into), _in_into.length, _m.place(_in_own), _in_own.length, maybe ?? null, maybe == null ? 0 : _m.length(maybe, 'maybe'), signed, _P.out, _P.len, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  return _m.array(_P, Uint8Array);
}

/**
 * @returns {string}
 */
export function text() {
  const _code = _l.x_text(_P.out, _P.len, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  return _m.text(_P);
}

/**
 * @returns {string | undefined}
 */
export function maybeText() {
  const _code = _l.x_maybe_text(_P.out, _P.len, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  return _P.u64[0] === 0n ? undefined : _m.text(_P);
}

/**
 * @returns {number | undefined}
 */
export function maybeNumber() {
  const _code = _l.x_maybe_number(_P.out, _P.some, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  return _P.u8[16] === 0 ? undefined : _P.f64[0];
}

/**
 * @param {import('./index.js').Hit} [at]
 * @returns {Cursor}
 */
export function open(at) {
  const _in_at = at == null ? null : _m.struct(_t._Hit, at, _t._hitC, 'at');
  const _code = _l.x_open(_m.place(_in_at), _P.out, _P.err);
  if (_code !== 0) throw _l.failure(_code, _P);
  return new Cursor(_P.u64[0]);
}

/**
 * @param {import('./index.js').Hit} at
 * @returns {Cursor | undefined}
 */
export function find(at) {
  const _in_at = _m.struct(_t._Hit, at, _t._hitC, 'at', true);
  const _code = _l.x_find(_m.place(_in_at), _P.out, _P.err);
  _m.structBack(at, _in_at, _t._Hit, _t._hitOf);
  if (_code !== 0) throw _l.failure(_code, _P);
  return _P.u64[0] === 0n ? undefined : new Cursor(_P.u64[0]);
}

/**
 * @param {(arg0: bigint) => number} each
 * @returns {void}
 */
export function each(each) {
  const _p = new _m.Places();
  const _call = new _c.Call();
  const _in_each = _call.enter(1, each);
  const _code = _call.run('x_each', () => [_in_each.thunk, _in_each.key, _p.err], []);
  if (_code !== 0) throw _call.either(_l.failure(_code, _p));
  _call.check();
}

/**
 * @param {(arg0: bigint | null, arg1: bigint | null) => bigint | null} call
 * @returns {(arg0: bigint, arg1: bigint | null) => number}
 */
export function nested(call) {
  const _p = new _m.Places();
  const _call = new _c.Call();
  const _in_call = _call.enterBare(2, call);
  const _code = _call.run('x_nested', () => [_in_call.thunk, _p.out, _p.err], []);
  if (_code !== 0) throw _call.either(_l.failure(_code, _p));
  const _result = /** @type {any} */ (_c.theirs(3, _p.u64[0]));
  _call.check();
  return _result;
}

/**
 * @param {import('./index.js').Hit[]} at
 * @param {readonly import('./index.js').Hit[]} one
 * @param {number} ms
 * @returns {void}
 */
export function ownNames(at, one, ms) {
  const _in_at = _m.structs(at, _t._Hit, _t._hitC, 'at', true);
  const _in_one = _m.structs(one, _t._Hit, _t._hitC, 'one');
  if (typeof ms !== 'number' || ms !== (ms | 0)) throw _t.outside(ms, -2147483648, 2147483647, 'ms');
  const _code = _l.x_own_names(_m.place(_in_at), at.length, _m.place(_in_one), one.length, ms, _P.err);
  _m.structsBack(at, _in_at, _t._Hit, _t._hitOf);
  if (_code !== 0) throw _l.failure(_code, _P);
}

/**
 * @param {(arg0: bigint) => number} each
 * @returns {number | undefined}
 */
export function findConst(each) {
  const _p = new _m.Places();
  const _call = new _c.Call();
  const _in_each = _call.enter(1, each);
  const _code = _call.run('x_find_const', () => [_in_each.thunk, _in_each.key, _p.out, _p.some, _p.err], []);
  if (_code !== 0) throw _call.either(_l.failure(_code, _p));
  const _result = _p.u8[16] === 0 ? undefined : _p.i32[0];
  _call.check();
  return _result;
}

/**
 * @param {string} aLongNameOfAParameter
 * @param {string} anotherLongNameOfAParameter
 * @returns {(arg0: bigint, arg1: bigint | null) => number}
 */
export function choose(aLongNameOfAParameter, anotherLongNameOfAParameter) {
  const _given = _l.x_choose(aLongNameOfAParameter, _m.length(aLongNameOfAParameter, 'aLongNameOfAParameter'), anotherLongNameOfAParameter, _m.length(anotherLongNameOfAParameter, 'anotherLongNameOfAParameter'));
  return /** @type {any} */ (_c.theirs(3, _given));
}
