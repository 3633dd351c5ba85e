// The library's enums and structs, and the numbers that fit. Written by cargo rt0 bindings.

import { inspect } from 'node:util';

import koffi from 'koffi';

import * as _t from './types.js';

/**
 * A value as an error shows it.
 *
 * @param {unknown} value
 */
export function shown(value) {
  return inspect(value, { depth: 0, breakLength: Infinity, maxArrayLength: 3, maxStringLength: 40 });
}

/**
 * The error of a value that is none of a type's.
 *
 * @param {unknown} value
 * @param {number | bigint} least
 * @param {number | bigint} most
 * @param {string} what
 */
export function outside(value, least, most, what) {
  const type = typeof least;
  if (typeof value !== type) return new TypeError(`${what}: pass a ${type}, not ${shown(value)}`);
  return new RangeError(`${what}: ${String(value)} is not an integer between ${least} and ${most}`);
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {number}
 */
export function i8(value, what) {
  if (typeof value !== 'number' || value !== (value << 24) >> 24) throw outside(value, -(2 ** 7), 2 ** 7 - 1, what);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {number}
 */
export function i16(value, what) {
  if (typeof value !== 'number' || value !== (value << 16) >> 16) throw outside(value, -(2 ** 15), 2 ** 15 - 1, what);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {number}
 */
export function i32(value, what) {
  if (typeof value !== 'number' || value !== (value | 0)) throw outside(value, -(2 ** 31), 2 ** 31 - 1, what);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {number}
 */
export function u8(value, what) {
  if (typeof value !== 'number' || value !== (value & 0xff)) throw outside(value, 0, 2 ** 8 - 1, what);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {number}
 */
export function u16(value, what) {
  if (typeof value !== 'number' || value !== (value & 0xffff)) throw outside(value, 0, 2 ** 16 - 1, what);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {number}
 */
export function u32(value, what) {
  if (typeof value !== 'number' || value !== value >>> 0) throw outside(value, 0, 2 ** 32 - 1, what);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {bigint}
 */
export function i64(value, what) {
  if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) {
    throw outside(value, -(2n ** 63n), 2n ** 63n - 1n, what);
  }
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {bigint}
 */
export function u64(value, what) {
  if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) throw outside(value, 0n, 2n ** 64n - 1n, what);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {number}
 */
export function float(value, what) {
  if (typeof value !== 'number') throw new TypeError(`${what}: pass a number, not ${shown(value)}`);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {any}
 */
export function flag(value, what) {
  if (typeof value !== 'boolean') throw new TypeError(`${what}: pass true or false, not ${shown(value)}`);
  return value;
}

/**
 * @param {any} value
 * @param {string} what
 */
function isObject(value, what) {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${what}: pass an object, not ${shown(value)}`);
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {bigint | null}
 */
export function pointer(value, what) {
  return value == null ? null : u64(value, what);
}

export const State = Object.freeze({
  Cold: 0,
  Scheduled: 1,
  Booting: 2,
  Ready: 3,
  Failed: 4,
  Stopping: 5,
  Retrying: 6,
});

export const Mode = Object.freeze({
  Exact: 1,
  Fuzzy: 2,
});

export const Signed = Object.freeze({
  Least: -2147483648,
  None: -1,
});

export const Wide = Object.freeze({
  Least: -9223372036854775808n,
  Minus: -2n,
  Most: 9223372036854775807n,
});

export const Huge = Object.freeze({
  Most: 18446744073709551615n,
  One: 1n,
});

export const Flags = Object.freeze({
  Top: 2147483648,
});

export const Empty = Object.freeze({
});

export const _Hit = koffi.struct({
  class: 'float',
  mode: 'uint8_t',
  each: 'void *',
  name: 'void *',
  type: 'bool',
});

/**
 * @param {any} value
 * @param {string} what
 */
export function _hitC(value, what) {
  isObject(value, what);
  return {
    class: value.class,
    mode: _t.u8(value.mode, 'mode'),
    each: _t.pointer(value.each, 'each'),
    name: _t.pointer(value.name, 'name'),
    type: value.type,
  };
}

/**
 * @param {any} value
 * @returns {any}
 */
export function _hitOf(value) {
  return {
    class: value.class,
    mode: value.mode,
    each: value.each,
    name: value.name,
    type: value.type,
  };
}

export const _Page = koffi.struct({
  first: _Hit,
  next: 'void *',
});

/**
 * @param {any} value
 * @param {string} what
 */
export function _pageC(value, what) {
  isObject(value, what);
  return {
    first: _t._hitC(value.first, 'first'),
    next: _t.pointer(value.next, 'next'),
  };
}

/**
 * @param {any} value
 * @returns {any}
 */
export function _pageOf(value) {
  return {
    first: _t._hitOf(value.first),
    next: value.next,
  };
}

/** What C calls for each type of callback. The first is that of events. */
export const PROTOS = [
  koffi.proto('void', ['void *', 'int32_t', 'const char *', 'const char *', 'const char *']),
  koffi.proto('int32_t', ['uint64_t', 'void *']),
  koffi.proto('void *', ['void *', 'void *']),
  koffi.proto('int32_t', ['uint64_t', 'void *']),
];

/** What C gets when the function has failed. */
export const ZEROS = [undefined, 0, null, 0];
