// Memory on its way to the library and back. Written by cargo rt0 bindings.

import koffi from 'koffi';

import { free, taken } from './library.js';
import * as _t from './types.js';

/** Where a call writes: its result, or its length; whether there is one; the error's text; an op. */
export class Places {
  constructor() {
    const memory = new ArrayBuffer(64);
    this.u8 = new Uint8Array(memory);
    this.i8 = new Int8Array(memory);
    this.u16 = new Uint16Array(memory);
    this.i16 = new Int16Array(memory);
    this.u32 = new Uint32Array(memory);
    this.i32 = new Int32Array(memory);
    this.u64 = new BigUint64Array(memory);
    this.i64 = new BigInt64Array(memory);
    this.f32 = new Float32Array(memory);
    this.f64 = new Float64Array(memory);
    // The memory of a buffer never moves. Numbers are quicker to pass than what koffi makes of addresses.
    this.out = Number(koffi.address(this.u8));
    this.len = this.out + 8;
    this.some = this.out + 16;
    this.err = this.out + 24;
    this.op = this.out + 32;
  }
}

/** Those of all calls on this thread that call nothing back: nothing can come between a call and the look at them. */
export const P = new Places();

/** A text or an array without anything in it has an address, too: null is one that is missing. */
const EMPTY = new Uint8Array(8);

/**
 * An array as koffi passes it on, without a copy.
 *
 * @param {any} array
 */
export function place(array) {
  return array === null || array.length !== 0 ? array : EMPTY;
}

/**
 * The address of an array, which must live until nobody uses it.
 *
 * @param {any} array
 */
export function address(array) {
  return array === null ? null : koffi.address(place(array));
}

/**
 * Half of a surrogate pair, in whose place node would put another character, is refused.
 *
 * @param {any} text
 * @param {string} what
 */
function isText(text, what) {
  if (typeof text !== 'string') throw new TypeError(`${what}: pass a string, not ${_t.shown(text)}`);
  if (!text.isWellFormed()) {
    const at = text.search(/\p{Surrogate}/u);
    throw new TypeError(`${what}: the character at ${at} is half of a pair (a surrogate), which UTF-8 does not have`);
  }
}

/**
 * How many bytes a text has in UTF-8, which koffi makes of it.
 *
 * @param {any} text
 * @param {string} what
 */
export function length(text, what) {
  isText(text, what);
  return Buffer.byteLength(text);
}

/**
 * A text in UTF-8.
 *
 * @param {any} text
 * @param {string} what
 */
export function encoded(text, what) {
  isText(text, what);
  return Buffer.from(text);
}

/**
 * @param {any} data
 * @param {string} name
 */
function isArray(data, name) {
  return ArrayBuffer.isView(data) && /** @type {any} */ (data)[Symbol.toStringTag] === name;
}

/**
 * A typed array whose memory was transferred or cut off looks like one without elements.
 *
 * @param {any} data
 * @param {string} what
 */
function here(data, what) {
  if (data.length !== 0) return data;
  try {
    data.keys();
  } catch (error) {
    throw new TypeError(`${what}: its memory is not there any more: its ArrayBuffer was transferred, or made smaller`, {
      cause: error,
    });
  }
  return data;
}

/**
 * Refuses what the call could not change, before the call. Each of the keys is written as it is.
 *
 * @param {any} data
 * @param {Iterable<string | number>} keys
 * @param {string} what
 */
function canChange(data, keys, what) {
  try {
    for (const key of keys) data[key] = data[key];
  } catch (error) {
    const kind = Array.isArray(data) ? 'array' : 'object';
    throw new TypeError(`${what}: the call changes it, and this ${kind} can't be changed`, { cause: error });
  }
}

/**
 * Bytes where they are.
 *
 * @param {any} data
 * @param {string} what
 * @returns {Uint8Array}
 */
export function bytes(data, what) {
  if (!isArray(data, 'Uint8Array')) throw new TypeError(`${what}: pass a Uint8Array`);
  return here(data, what);
}

/**
 * Numbers where they are, or copies of those in a plain array.
 *
 * @param {any} data
 * @param {any} Type
 * @param {(value: any, what: string) => any} check
 * @param {string} what
 * @param {boolean} [changes] Whether the call changes them.
 */
export function numbers(data, Type, check, what, changes) {
  if (isArray(data, Type.name)) return here(data, what);
  if (!Array.isArray(data)) throw new TypeError(`${what}: pass a ${Type.name}, or an array`);
  return copied(data, Type, check, what, changes);
}

/**
 * Copies of what is in a plain array, as numbers.
 *
 * @param {any} data
 * @param {any} Type
 * @param {(value: any, what: string) => any} check
 * @param {string} what
 * @param {boolean} [changes]
 */
export function copied(data, Type, check, what, changes) {
  if (!Array.isArray(data)) throw new TypeError(`${what}: pass an array`);
  const copy = Type.from(data, (/** @type {any} */ value) => check(value, what));
  if (changes) canChange(data, data.keys(), what);
  return copy;
}

/**
 * Puts what the call has changed back into a plain array.
 *
 * @param {any} data
 * @param {any} copy
 * @param {(value: any) => any} [make]
 */
export function back(data, copy, make) {
  if (copy === null || copy === data) return;
  for (let at = 0; at < copy.length; at++) data[at] = make === undefined ? copy[at] : make(copy[at]);
}

/**
 * A number that the call changes where it is: the first of an array.
 *
 * @param {any} data
 * @param {any} Type
 * @param {string} what
 */
export function changed(data, Type, what) {
  if (!isArray(data, Type.name) || data.length === 0) {
    throw new TypeError(`${what}: pass a ${Type.name}, whose first element is changed`);
  }
  return data;
}

/**
 * @param {any} value
 * @param {any} Class
 * @param {string} what
 * @returns {bigint}
 */
export function handle(value, Class, what) {
  if (!(value instanceof Class)) throw new TypeError(`${what}: pass a ${Class.name}, not ${_t.shown(value)}`);
  return value._handle;
}

/**
 * Room for a struct.
 *
 * @param {any} type
 */
export function room(type) {
  return new Uint8Array(koffi.sizeof(type));
}

/**
 * The struct that is there.
 *
 * @param {Uint8Array} memory
 * @param {any} type
 */
export function read(memory, type) {
  return koffi.decode(memory, type);
}

/**
 * A struct in memory.
 *
 * @param {any} type
 * @param {any} value
 * @param {(value: any, what: string) => any} toC
 * @param {string} what
 * @param {boolean} [changes] Whether the call changes it.
 */
export function struct(type, value, toC, what, changes) {
  const memory = room(type);
  const fields = toC(value, what);
  if (changes) canChange(value, Object.keys(fields), what);
  koffi.encode(memory, type, fields);
  return memory;
}

/**
 * @param {any} value
 * @param {Uint8Array | null} memory
 * @param {any} type
 * @param {(value: any) => any} of
 */
export function structBack(value, memory, type, of) {
  if (memory !== null) Object.assign(value, of(koffi.decode(memory, type)));
}

/**
 * Structs in memory, side by side.
 *
 * @param {any} values
 * @param {any} type
 * @param {(value: any, what: string) => any} toC
 * @param {string} what
 * @param {boolean} [changes] Whether the call changes them.
 */
export function structs(values, type, toC, what, changes) {
  if (!Array.isArray(values)) throw new TypeError(`${what}: pass an array`);
  const size = koffi.sizeof(type);
  const memory = new Uint8Array(size * values.length);
  for (const [at, value] of values.entries()) {
    const fields = toC(value, what);
    if (changes) canChange(value, Object.keys(fields), what);
    koffi.encode(memory, at * size, type, fields);
  }
  return memory;
}

/**
 * @param {any} values
 * @param {Uint8Array | null} memory
 * @param {any} type
 * @param {(value: any) => any} of
 */
export function structsBack(values, memory, type, of) {
  if (memory === null) return;
  const size = koffi.sizeof(type);
  for (let at = 0; at < values.length; at++) Object.assign(values[at], of(koffi.decode(memory, at * size, type)));
}

/**
 * A text that the library gave, which is freed.
 *
 * @param {Places} places
 */
export function text(places) {
  return taken(places.u64[0], Number(places.u64[1]));
}

/**
 * Numbers that the library gave, which are freed.
 *
 * @template T
 * @param {Places} places
 * @param {new (buffer: ArrayBuffer, offset: number, length: number) => T} Type
 * @returns {T}
 */
export function array(places, Type) {
  const at = places.u64[0];
  const length = Number(places.u64[1]);
  try {
    if (length === 0) return new Type(new ArrayBuffer(0), 0, 0);
    const size = length * /** @type {any} */ (Type).BYTES_PER_ELEMENT;
    const copy = koffi.decode(at, 'uint8_t', size);
    return new Type(copy.buffer, copy.byteOffset, length);
  } finally {
    free(at);
  }
}

/**
 * Structs that the library gave, which are freed.
 *
 * @param {Places} places
 * @param {any} type
 * @param {(value: any) => any} of
 * @returns {any[]}
 */
export function structsOf(places, type, of) {
  const at = places.u64[0];
  const length = Number(places.u64[1]);
  try {
    return length === 0 ? [] : koffi.decode(at, type, length).map(of);
  } finally {
    free(at);
  }
}

/**
 * @param {bigint} at
 * @returns {bigint | null}
 */
export function pointer(at) {
  return at === 0n ? null : at;
}
