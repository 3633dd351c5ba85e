// Written by cargo rt0 bindings from xample: a change here is lost when it is written again.
package xample;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * xample 1.2.3, by its own description.
 */
public final class Xample {
    private Xample() {}

    /**
     * Begins the library's start-up, and does not wait for it. Loading it does so, too, unless its author chose
     * otherwise.
     */
    public static void start() throws XampleException {
        Library.check(Native.x_start());
    }

    /** Waits until the library is ready. Every call waits by itself. */
    public static void await() throws XampleException {
        Library.check(Native.x_wait(-1));
    }

    /** Waits until the library is ready, for so long. */
    public static void await(Duration timeout) throws XampleException {
        Library.check(Native.x_wait(Library.milliseconds(timeout)));
    }

    /** What the library is doing. */
    public static State state() {
        return State.of(Native.x_state());
    }

    /** The library's state and time line, as JSON. */
    public static String report() throws XampleException {
        long owned = Native.x_report();
        if (owned == 0) {
            throw XampleException.of(-17);
        }
        return Memory.takeString(owned);
    }

    /**
     * Stops the library, ends its threads and drops its state. A later call starts it again. The end of the virtual
     * machine does this by itself.
     */
    public static void shutdown() throws XampleException {
        Library.shutdown(-1);
    }

    /** The same, if it can be done in this time. */
    public static void shutdown(Duration timeout) throws XampleException {
        Library.shutdown(Library.milliseconds(timeout));
    }

    /**
     * The same function, which the library goes on calling when the call that was given it has returned, until the
     * library is shut down: {@code subscribe(keep(event -> ...))}. What it throws goes to the thread's handler of
     * uncaught exceptions. The function itself is marked: it is kept wherever it is passed from now on.
     */
    public static <F> F keep(F function) {
        return Callbacks.keep(function);
    }

    /** What hears of the library's events. */
    @FunctionalInterface
    public interface EventHandler {
        /**
         * One event: its level, from 1 for errors to 5 for traces, its target, its text, and the names of the spans
         * around it.
         */
        void event(int level, String target, String text, String spans);
    }

    /**
     * Has the handler called for each event of the library, up to this level: 1 errors, 2 warnings, 3 information,
     * 4 debugging, 5 traces. Null ends that.
     */
    public static void events(int level, EventHandler handler) throws XampleException {
        Callbacks.events(level, handler);
    }

    /**
     * How many.
     * <p>
     * It throws nothing: it gives `-1` if the library is not ready or the call panics.
     */
    public static long size() {
        long given = Native.x_size();
        return given;
    }

    /**
     * It waits until it is done.
     */
    public static void rest() throws XampleException {
        try (Frame frame = Frame.open()) {
            long err = frame.err();
            int code = Native.x_rest(err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
        }
    }

    /**
     * It has no time limit. Cancelling the future cancels it.
     */
    public static CompletableFuture<Void> restAsync() {
        int limit_ms = -1;
        return Ops.run((_, queue, tag, op, err) -> {
            return Native.x_rest_begin(limit_ms, queue, tag, op, err);
        }, (frame, op) -> {
            long err = frame.err();
            int code = Native.x_rest_end(op, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return null;
        });
    }

    /**
     * It is given up after this time. Cancelling the future cancels it.
     */
    public static CompletableFuture<Void> restAsync(Duration timeout) {
        int limit_ms = Library.milliseconds(timeout);
        return Ops.run((_, queue, tag, op, err) -> {
            return Native.x_rest_begin(limit_ms, queue, tag, op, err);
        }, (frame, op) -> {
            long err = frame.err();
            int code = Native.x_rest_end(op, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return null;
        });
    }

    /**
     * Fetches a page.
     * <p>
     * `at` may be null: none.
     * <p>
     * It closes `last`.
     * <p>
     * It waits until it is done.
     */
    public static Optional<String> fetch(String url, int queue_, int ms, Cursor at, Cursor last) throws XampleException {
        byte[] urlUtf8 = Memory.utf8(url, "url");
        Objects.requireNonNull(last, "last");
        try (Frame frame = Frame.open()) {
            long out = frame.place(8);
            long len = frame.place(8);
            long err = frame.err();
            int code = Native.x_fetch(frame.bytes(urlUtf8), urlUtf8.length, queue_, ms, at == null ? 0 : at.number(), last.number(), out, len, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            last.taken();
            return Memory.i64(out) == 0 ? Optional.empty() : Optional.of(Memory.takeText(out, len));
        } finally {
            Reference.reachabilityFence(at);
            Reference.reachabilityFence(last);
        }
    }

    /**
     * Fetches a page.
     * <p>
     * `at` may be null: none.
     * <p>
     * It closes `last`.
     * <p>
     * Its time limit is the library's own, 5000 ms. Cancelling the future cancels it.
     */
    public static CompletableFuture<Optional<String>> fetchAsync(String url, int queue_, int ms, Cursor at, Cursor last) {
        byte[] urlUtf8 = Memory.utf8(url, "url");
        Objects.requireNonNull(last, "last");
        int limit_ms = -1;
        return Ops.run((frame, queue, tag, op, err) -> {
            return Native.x_fetch_begin(frame.bytes(urlUtf8), urlUtf8.length, queue_, ms, at == null ? 0 : at.number(), last.number(), limit_ms, queue, tag, op, err);
        }, (frame, op) -> {
            long out = frame.place(8);
            long len = frame.place(8);
            long err = frame.err();
            int code = Native.x_fetch_end(op, out, len, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            last.taken();
            return Memory.i64(out) == 0 ? Optional.empty() : Optional.of(Memory.takeText(out, len));
        }, at, last);
    }

    /**
     * Fetches a page.
     * <p>
     * `at` may be null: none.
     * <p>
     * It closes `last`.
     * <p>
     * It is given up after this time. Cancelling the future cancels it.
     */
    public static CompletableFuture<Optional<String>> fetchAsync(String url, int queue_, int ms, Cursor at, Cursor last, Duration timeout) {
        byte[] urlUtf8 = Memory.utf8(url, "url");
        Objects.requireNonNull(last, "last");
        int limit_ms = Library.milliseconds(timeout);
        return Ops.run((frame, queue, tag, op, err) -> {
            return Native.x_fetch_begin(frame.bytes(urlUtf8), urlUtf8.length, queue_, ms, at == null ? 0 : at.number(), last.number(), limit_ms, queue, tag, op, err);
        }, (frame, op) -> {
            long out = frame.place(8);
            long len = frame.place(8);
            long err = frame.err();
            int code = Native.x_fetch_end(op, out, len, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            last.taken();
            return Memory.i64(out) == 0 ? Optional.empty() : Optional.of(Memory.takeText(out, len));
        }, at, last);
    }
}
