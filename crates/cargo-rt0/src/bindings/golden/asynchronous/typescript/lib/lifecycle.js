// The library's start, and its end, which comes before that of JavaScript. Written by cargo rt0 bindings.

import { isMainThread } from 'node:worker_threads';

import * as _c from './callbacks.js';
import { errorOf } from './errors.js';
import * as _l from './library.js';
import * as _o from './ops.js';

export function start() {
  _l.checked(_l.start());
}

/** @param {Awaited<ReturnType<typeof _c.later>>} answer */
function checked({ code, text }) {
  if (code !== 0) throw errorOf(code, text);
}

/** @param {number} [timeout] */
export async function wait(timeout) {
  checked(await _c.later('x_wait', [_l.milliseconds(timeout)]));
}

/** @returns {any} */
export function state() {
  return _l.state();
}

export const report = _l.reported;

/** @param {number} [timeout] */
export async function shutdown(timeout) {
  const milliseconds = _l.milliseconds(timeout);
  const number = _c.shutdownBegins();
  checked(await _c.later('x_shutdown', [milliseconds]));
  _c.stopped(number);
}

/** @param {number} [timeout] */
export function shutdownSync(timeout) {
  const milliseconds = _l.milliseconds(timeout);
  _c.canStop();
  const number = _c.shutdownBegins();
  // A thread of the library's may be waiting for a function of this thread's.
  if (_c.started()) checked(_c.now('x_shutdown', [milliseconds]));
  else _l.checked(_l.x_shutdown(milliseconds));
  _c.stopped(number);
}

// A thread of the library's that calls after the end would end the process. So the process' end shuts the library down,
// and so does that of a worker whose functions the library has: nobody else can run them.
process.on('exit', () => {
  _c.ended();
  _o.ended();
  if (isMainThread || _c.stays()) _l.x_shutdown(10_000);
});
