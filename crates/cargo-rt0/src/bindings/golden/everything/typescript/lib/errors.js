// What the calls throw. Written by cargo rt0 bindings.

/** A call failed. `code` says why as a number, `text` in words. */
export class XampleError extends Error {
  /**
   * @param {string} text
   * @param {number} code
   */
  constructor(text, code) {
    super(text);
    this.code = code;
  }

  get name() {
    return this.constructor.name;
  }

  get text() {
    return this.message;
  }
}

/** The library's own error: its code is positive. */
export class LibraryError extends XampleError {}

export class BusyError extends LibraryError {}

export class NoPlaceError extends LibraryError {}

export class CodesError extends LibraryError {}

export class NotReadyError extends XampleError {}

export class BootFailedError extends XampleError {}

export class PanickedError extends XampleError {}

export class CalledFromBootError extends XampleError {}

export class WouldDeadlockError extends XampleError {}

export class ForkedError extends XampleError {}

export class StoppedError extends XampleError {}

export class InvalidArgumentError extends XampleError {}

export class InvalidUtf8Error extends XampleError {}

export class InvalidHandleError extends XampleError {}

export class NotStartedError extends XampleError {}

export class NoThreadError extends XampleError {}

export class NoBootEntryError extends XampleError {}

export class NotNotifiedError extends XampleError {}

export class TimedOutError extends XampleError {}

export class HandleBusyError extends XampleError {}

export class NoMemoryError extends XampleError {}

export class EndedBadlyError extends XampleError {}

export class RuntimeLostError extends XampleError {}

export class CancelledError extends XampleError {}

export class Rt0BusyError extends XampleError {}

export class NotDoneError extends XampleError {}

/** @type {Map<number, typeof XampleError>} */
const CLASSES = new Map([
  [4, BusyError],
  [5, NoPlaceError],
  [6, CodesError],
  [-1, NotReadyError],
  [-2, BootFailedError],
  [-3, PanickedError],
  [-4, CalledFromBootError],
  [-5, WouldDeadlockError],
  [-6, ForkedError],
  [-7, StoppedError],
  [-8, InvalidArgumentError],
  [-9, InvalidUtf8Error],
  [-10, InvalidHandleError],
  [-11, NotStartedError],
  [-12, NoThreadError],
  [-13, NoBootEntryError],
  [-14, NotNotifiedError],
  [-15, TimedOutError],
  [-16, HandleBusyError],
  [-17, NoMemoryError],
  [-18, EndedBadlyError],
  [-19, RuntimeLostError],
  [-20, CancelledError],
  [-21, Rt0BusyError],
  [-22, NotDoneError],
]);

/**
 * @param {number} code
 * @param {string} text
 */
export function errorOf(code, text) {
  const Class = CLASSES.get(code) ?? (code > 0 ? LibraryError : XampleError);
  return new Class(text, code);
}
