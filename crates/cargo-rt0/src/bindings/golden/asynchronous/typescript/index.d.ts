/**
 * xample 1.2.3, by its own description.
 *
 * @packageDocumentation
 */

// Written by cargo rt0 bindings from xample: a change here is lost when it is written again.

/** A call failed. */
export declare class XampleError extends Error {
  protected constructor(text: string, code: number);
  /** Why, as a number. */
  readonly code: number;
  /** Why, in words. */
  readonly text: string;
}

/** The library's own error: its code is positive. */
export declare class LibraryError extends XampleError {}

/** The library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it). */
export declare class NotReadyError extends XampleError {}

/** The library failed to start; the error text says why. */
export declare class BootFailedError extends XampleError {}

/** The call panicked inside the library; the library keeps working. */
export declare class PanickedError extends XampleError {}

/** Called from the library's own start-up, which would deadlock; call it after start-up. */
export declare class CalledFromBootError extends XampleError {}

/** The call would deadlock; make it from another thread, outside the library's own calls. */
export declare class WouldDeadlockError extends XampleError {}

/** This process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first. */
export declare class ForkedError extends XampleError {}

/** The library is shutting down or has stopped; call again after the shutdown. */
export declare class StoppedError extends XampleError {}

/** An argument is not valid; the error text names it. */
export declare class InvalidArgumentError extends XampleError {}

/** A text argument is not valid UTF-8; the error text names it. */
export declare class InvalidUtf8Error extends XampleError {}

/** A handle is not open in this library: it was closed, is of another type, or is from before the last start. */
export declare class InvalidHandleError extends XampleError {}

/** The library was not started; call its start function first. */
export declare class NotStartedError extends XampleError {}

/** The operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread. */
export declare class NoThreadError extends XampleError {}

/** The library was built without a boot function; its author must set one. */
export declare class NoBootEntryError extends XampleError {}

/** The library's boot function returned without reporting whether start-up is done; its author must report it. */
export declare class NotNotifiedError extends XampleError {}

/** The operation did not finish before its deadline; the error text says what holds it up. */
export declare class TimedOutError extends XampleError {}

/** A handle is in use by another call; call again when that call has returned. */
export declare class HandleBusyError extends XampleError {}

/** There is not enough memory for the call; free some and call again. */
export declare class NoMemoryError extends XampleError {}

/** The library was shut down, but part of the shutdown failed; the error text says what. */
export declare class EndedBadlyError extends XampleError {}

/** The library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again. */
export declare class RuntimeLostError extends XampleError {}

/** The operation was cancelled before it was done. */
export declare class CancelledError extends XampleError {}

/** The queue is at its limit; take tags from it, then begin again. */
export declare class BusyError extends XampleError {}

/** The operation is not done yet; wait for its tag or with the library's op_wait, then call again. */
export declare class NotDoneError extends XampleError {}

/** What the library is doing. */
export declare const State: {
  /** nothing has been started */
  readonly Cold: 0;
  /** a thread is on its way to start the library */
  readonly Scheduled: 1;
  /** the library is starting */
  readonly Booting: 2;
  /** calls go through */
  readonly Ready: 3;
  /** the start-up failed */
  readonly Failed: 4;
  /** a shutdown is under way */
  readonly Stopping: 5;
  /** a start-up that failed is being cleared away for the next */
  readonly Retrying: 6;
};
export type State = (typeof State)[keyof typeof State];

/** How an async call may end early. */
export interface CallOptions {
  /** After so many milliseconds; undefined: the library's own limit. */
  timeout?: number | undefined;
  /** When it is aborted: the call then throws its reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Begins the library's start-up, and does not wait for it. Loading it does so, too, unless its author chose otherwise.
 */
export declare function start(): void;

/** Waits until the library is ready, for so many milliseconds; undefined: for ever. Every call waits by itself. */
export declare function wait(timeout?: number): Promise<void>;

/** What the library is doing. */
export declare function state(): State;

/**
 * Stops the library, ends its threads and drops its state, in so many milliseconds; undefined: however long it takes. A
 * later call starts it again. The end of the process does this by itself.
 */
export declare function shutdown(timeout?: number): Promise<void>;

/** The same, and nothing else runs on this thread meanwhile but functions that the library calls. */
export declare function shutdownSync(timeout?: number): void;

/** The library's state and time line. */
export declare function report(): Record<string, unknown>;

/**
 * A function that the library goes on calling when the call that was given it has returned, until the library is shut
 * down: `subscribe(keep(run))`. What it throws then is a warning of the process.
 */
export declare function keep<F extends (...args: any[]) => unknown>(run: F): F;

/**
 * Has `handler` called for each event of the library, up to this level: 1 errors, 2 warnings, 3 information,
 * 4 debugging, 5 traces. It gets the level, the target, the text, and the names of the spans around it. undefined ends
 * that.
 */
export declare function events(
  level: number,
  handler: ((level: number, target: string, text: string, spans: string) => void) | undefined,
): void;

/** A place in a list. */
export declare class Cursor {
  private constructor();
  private readonly _handle: bigint;

  /** Closes it; the end of a `using` does, and the collector at the latest. A second time does nothing. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * How many.
 *
 * It throws nothing: it gives `-1` if the library is not ready or the call panics.
 */
export declare function size(): bigint;

/** `options.timeout` is in milliseconds; without it: no limit. `options.signal` cancels it. */
export declare function rest(options?: CallOptions): Promise<void>;

/** It waits until it is done, and nothing else runs on this thread meanwhile. */
export declare function restSync(): void;

/**
 * Fetches a page.
 *
 * It closes `last`.
 *
 * `options.timeout` is in milliseconds; without it: the library's own, 5000 ms. `options.signal` cancels it.
 */
export declare function fetch(url: string, queue: number, ms: number, at: Cursor | undefined, last: Cursor, options?: CallOptions): Promise<string | undefined>;

/**
 * Fetches a page.
 *
 * It closes `last`.
 *
 * It waits until it is done, and nothing else runs on this thread meanwhile.
 */
export declare function fetchSync(url: string, queue: number, ms: number, at: Cursor | undefined, last: Cursor): string | undefined;
