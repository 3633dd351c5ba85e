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

/**
 * The library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it).
 */
export class NotReadyError extends XampleError {}

/**
 * The library failed to start; the error text says why.
 */
export class BootFailedError extends XampleError {}

/**
 * The call panicked inside the library; the library keeps working.
 */
export class PanickedError extends XampleError {}

/**
 * Called from the library's own start-up, which would deadlock; call it after start-up.
 */
export class CalledFromBootError extends XampleError {}

/**
 * The call would deadlock; make it from another thread, outside the library's own calls.
 */
export class WouldDeadlockError extends XampleError {}

/**
 * This process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first.
 */
export class ForkedError extends XampleError {}

/**
 * The library is shutting down or has stopped; call again after the shutdown.
 */
export class StoppedError extends XampleError {}

/**
 * An argument is not valid; the error text names it.
 */
export class InvalidArgumentError extends XampleError {}

/**
 * A text argument is not valid UTF-8; the error text names it.
 */
export class InvalidUtf8Error extends XampleError {}

/**
 * A handle is not open in this library: it was closed, is of another type, or is from before the last start.
 */
export class InvalidHandleError extends XampleError {}

/**
 * The library was not started; call its start function first.
 */
export class NotStartedError extends XampleError {}

/**
 * The operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread.
 */
export class NoThreadError extends XampleError {}

/**
 * The library was built without a boot function; its author must set one.
 */
export class NoBootEntryError extends XampleError {}

/**
 * The library's boot function returned without reporting whether start-up is done; its author must report it.
 */
export class NotNotifiedError extends XampleError {}

/**
 * The operation did not finish before its deadline; the error text says what holds it up.
 */
export class TimedOutError extends XampleError {}

/**
 * A handle is in use by another call; call again when that call has returned.
 */
export class HandleBusyError extends XampleError {}

/**
 * There is not enough memory for the call; free some and call again.
 */
export class NoMemoryError extends XampleError {}

/**
 * The library was shut down, but part of the shutdown failed; the error text says what.
 */
export class EndedBadlyError extends XampleError {}

/**
 * The library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again.
 */
export class RuntimeLostError extends XampleError {}

/**
 * The operation was cancelled before it was done.
 */
export class CancelledError extends XampleError {}

/**
 * The queue is at its limit; take tags from it, then begin again.
 */
export class BusyError extends XampleError {}

/**
 * The operation is not done yet; wait for its tag or with the library's op_wait, then call again.
 */
export class NotDoneError extends XampleError {}

/** @type {Map<number, typeof XampleError>} */
const CLASSES = new Map([
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
  [-21, BusyError],
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
