// The two threads between the library and a thread of JavaScript: `callbacks.js` says what for. Written by cargo rt0
// bindings.

import { writeSync } from 'node:fs';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';

import koffi from 'koffi';

import * as library from './library.js';
import { PROTOS, ZEROS } from './types.js';

/**
 * @typedef {object} Given
 * @property {string} role
 * @property {Int32Array} bell
 * @property {Int32Array} words
 * @property {import('node:worker_threads').MessagePort} port
 * @property {import('node:worker_threads').MessagePort} answers
 */

/** @type {Given} */
const { role, bell, words, port, answers } = workerData;

/** @param {any} what */
function say(what) {
  port.postMessage(what);
  Atomics.add(bell, 0, 1);
  Atomics.notify(bell, 0);
}

/**
 * Does what was asked, and says how it went.
 *
 * @param {number} serial
 * @param {() => any} work
 */
function answer(serial, work) {
  try {
    say({ done: serial, ...work() });
  } catch (error) {
    say({ done: serial, threw: error });
  }
}

// After so many milliseconds it is said that C waits.
const LONG = 10_000;
let told = false;

/**
 * C calls: it waits until the other thread has answered, or has ended.
 *
 * @param {number} number
 * @param {number | null} key
 * @param {any[]} args
 */
function called(number, key, args) {
  if (Atomics.load(words, 1) !== 0) return ZEROS[number];
  say({ back: number, key, args });
  for (;;) {
    const rung = Atomics.load(words, 0);
    const got = receiveMessageOnPort(answers);
    if (got !== undefined) return got.message;
    if (Atomics.load(words, 1) !== 0) return ZEROS[number];
    if (Atomics.wait(words, 0, rung, LONG) === 'timed-out' && !told) {
      told = true;
      writeSync(
        2,
        'xample: a thread of the library has called a function and waited for ten seconds: the thread of that ' +
          "function is busy, or in a call that waits for the library's threads: use the async form of that call\n",
      );
    }
  }
}

if (role === 'relay') {
  port.on('message', ({ serial, thunk, key }) =>
    answer(serial, () => {
      const run = (/** @type {any[]} */ ...args) => called(thunk, key, args);
      return { value: koffi.register(run, koffi.pointer(PROTOS[thunk])) };
    }),
  );
} else {
  port.on('message', ({ serial, symbol, args }) =>
    answer(serial, () => {
      const value = /** @type {any} */ (library)[symbol](...args);
      // It belongs to this thread.
      return { value, text: value === 0 || Atomics.load(words, 1) !== 0 ? '' : library.lastError() };
    }),
  );
}

// Started: this thread can be ended from now on.
Atomics.add(words, 2, 1);
Atomics.notify(words, 2);
