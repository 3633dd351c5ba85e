// Finds and loads the library, and its functions as koffi sees them. Written by cargo rt0 bindings.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';

import koffi from 'koffi';

import { errorOf } from './errors.js';
import { _Hit } from './types.js';
import { _Page } from './types.js';

const PACKAGE = 'xample';
const ABI = 1;
const VARIABLE = 'X_LIBRARY';
const FILE =
  process.platform === 'win32' ? 'xample.dll' : process.platform === 'darwin' ? 'libxample.dylib' : 'libxample.so';
const BESIDE = [FILE];

/**
 * @param {string} path
 * @param {string} what
 */
function open(path, what) {
  try {
    return { path, library: koffi.load(path) };
  } catch (error) {
    throw new Error(`${PACKAGE}: ${what} can't be loaded: ${said(error)}`, { cause: error });
  }
}

/** @param {unknown} error */
function said(error) {
  return error instanceof Error ? error.message : String(error);
}

/** Beside the package's files, then where the variable says, then as the system does. */
function load() {
  // A thread of this package's own loads what the package has loaded.
  const loaded = workerData?.xLibrary;
  if (typeof loaded === 'string') return open(loaded, 'the library');
  if (koffi.sizeof('size_t') !== 8) throw new Error(`${PACKAGE}: it needs a node of 64 bits`);
  const here = dirname(dirname(fileURLToPath(import.meta.url)));
  for (const name of BESIDE) {
    const path = join(here, name);
    if (existsSync(path)) return open(path, `the library beside ${PACKAGE}`);
  }
  const path = process.env[VARIABLE];
  if (path) return open(path, `the library that ${VARIABLE} names`);
  try {
    return { path: FILE, library: koffi.load(FILE) };
  } catch (error) {
    throw new Error(
      `${PACKAGE}: there is no ${FILE} beside ${here}, ${VARIABLE} is not set, and the system says: ${said(error)}. ` +
        `Set ${VARIABLE} to the library's file, or put the file there.`,
      { cause: error },
    );
  }
}

const { path, library } = load();
/** The library's file. */
export const PATH = path;

/** A library of another ABI is refused before anything of it is called. */
function check() {
  let version;
  try {
    version = library.func('x_abi_version', 'uint32_t', []);
  } catch (error) {
    throw new Error(`${PACKAGE}: ${path} is another library: it has no x_abi_version`, { cause: error });
  }
  const found = version();
  if (found !== ABI) {
    throw new Error(
      `${PACKAGE}: ${path} has ABI version ${found}, and these bindings are for ${ABI}: write them again from that ` +
        'file, with cargo rt0 bindings',
    );
  }
}

check();

/**
 * @param {string} name
 * @param {any} result
 * @param {any[]} params
 */
function declare(name, result, params) {
  try {
    return library.func(name, result, params);
  } catch (error) {
    throw new Error(
      `${PACKAGE}: ${path} has no ${name}: it is another version than these bindings are for. Write them again from ` +
        'that file, with cargo rt0 bindings',
      { cause: error },
    );
  }
}

export const start = declare('x_start', 'int32_t', []);
export const state = declare('x_state', 'int32_t', []);
const lastErrorText = declare('x_last_error', 'const char *', []);
const report = declare('x_report', 'void *', []);
/** What can be called by its name on another thread, too. */
export const x_wait = declare('x_wait', 'int32_t', ['int32_t']);
export const x_shutdown = declare('x_shutdown', 'int32_t', ['int32_t']);
export const free = declare('x_free', 'int32_t', ['uintptr_t']);
export const x_Cursor_free = declare('x_Cursor_free', 'int32_t', ['uintptr_t']);
export const x_step = declare('x_step', 'int32_t', ['uintptr_t', 'void *', 'uintptr_t']);
export const x_look = declare('x_look', 'int32_t', ['uintptr_t', 'uint8_t', 'uintptr_t', 'uintptr_t']);
export const x_close = declare('x_close', 'int32_t', ['uintptr_t', 'uintptr_t']);
export const x_nothing = declare('x_nothing', 'int32_t', ['uintptr_t']);
export const x_size = declare('x_size', 'int64_t', []);
export const x_stop = declare('x_stop', 'void', ['bool']);
export const x_count = declare('x_count', 'int32_t', ['const char *', 'size_t', 'uintptr_t', 'uintptr_t']);
export const x_keywords = declare('x_keywords', 'int32_t', ['const char *', 'size_t', 'int32_t', 'int32_t', 'int32_t', 'int32_t', _Hit, 'int32_t', 'int32_t', 'uintptr_t', 'uintptr_t']);
export const x_buffers = declare('x_buffers', 'int32_t', ['void *', 'size_t', 'void *', 'size_t', 'void *', 'size_t', 'const char *', 'size_t', 'int64_t', 'uintptr_t', 'uintptr_t', 'uintptr_t']);
export const x_text = declare('x_text', 'int32_t', ['uintptr_t', 'uintptr_t', 'uintptr_t']);
export const x_maybe_text = declare('x_maybe_text', 'int32_t', ['uintptr_t', 'uintptr_t', 'uintptr_t']);
export const x_maybe_number = declare('x_maybe_number', 'int32_t', ['uintptr_t', 'uintptr_t', 'uintptr_t']);
export const x_open = declare('x_open', 'int32_t', ['void *', 'uintptr_t', 'uintptr_t']);
export const x_find = declare('x_find', 'int32_t', ['void *', 'uintptr_t', 'uintptr_t']);
export const x_each = declare('x_each', 'int32_t', ['void *', 'void *', 'uintptr_t']);
export const x_nested = declare('x_nested', 'int32_t', ['void *', 'uintptr_t', 'uintptr_t']);
export const x_own_names = declare('x_own_names', 'int32_t', ['void *', 'size_t', 'void *', 'size_t', 'int32_t', 'uintptr_t']);
export const x_find_const = declare('x_find_const', 'int32_t', ['void *', 'void *', 'uintptr_t', 'uintptr_t', 'uintptr_t']);
export const x_choose = declare('x_choose', 'void *', ['const char *', 'size_t', 'const char *', 'size_t']);

/**
 * A text that the library gave, which is freed.
 *
 * @param {bigint} at
 * @param {number} [length]
 */
export function taken(at, length) {
  try {
    return length === undefined ? koffi.decode.string(at) : koffi.decode.string(at, length);
  } finally {
    free(at);
  }
}

/** @returns {string} The text of this thread's last error. */
export function lastError() {
  return lastErrorText();
}

/**
 * The error of this code, with a text that is freed.
 *
 * @param {number} code
 * @param {import('./memory.js').Places} places
 */
export function failure(code, places) {
  const at = places.u64[3];
  if (at === 0n) return errorOf(code, lastError());
  places.u64[3] = 0n;
  return errorOf(code, taken(at));
}

/**
 * Throws the error of a call on this thread that has no place for a text.
 *
 * @param {number} code
 */
export function checked(code) {
  if (code !== 0) throw errorOf(code, lastError());
}

/**
 * A time as the library takes it: -1 for none.
 *
 * @param {number | undefined} milliseconds
 */
export function milliseconds(milliseconds) {
  if (milliseconds == null || milliseconds === Infinity) return -1;
  if (typeof milliseconds !== 'number' || !(milliseconds >= 0)) {
    throw new RangeError(`a time can't be ${String(milliseconds)}: pass milliseconds, or undefined`);
  }
  // Rounded up: a short wait is not a question.
  return Math.min(Math.ceil(milliseconds), 0x7fff_ffff);
}

/** @returns {Record<string, unknown>} The library's state and time line. */
export function reported() {
  const at = report();
  if (at === null) throw errorOf(-17, lastError());
  return JSON.parse(taken(at));
}
