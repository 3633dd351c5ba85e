// Written by cargo rt0 bindings.
package xample;

/** A call failed. */
public class XampleException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The reason, as a number. */
    private final int code;

    XampleException(int code, String text) {
        super(text);
        this.code = code;
    }

    /** The reason as a number: the author's are positive, rt0's own negative. */
    public final int code() {
        return code;
    }

    /** The reason in words. */
    public final String text() {
        return getMessage();
    }

    /** The error of this code. {@code err} is a place with a text in it, which is freed. */
    static XampleException of(int code, long err) {
        long owned = Memory.i64(err);
        return owned == 0 ? of(code) : of(code, Memory.takeString(owned));
    }

    /** The error of a call that has no place for a text. */
    static XampleException of(int code) {
        return of(code, Memory.string(Native.x_last_error()));
    }

    static XampleException of(int code, String text) {
        return switch (code) {
            case 4 -> new Busy(text);
            case 5 -> new NoPlace(text);
            case 6 -> new Codes(text);
            case -1 -> new NotReady(text);
            case -2 -> new BootFailed(text);
            case -3 -> new Panicked(text);
            case -4 -> new CalledFromBoot(text);
            case -5 -> new WouldDeadlock(text);
            case -6 -> new Forked(text);
            case -7 -> new Stopped(text);
            case -8 -> new InvalidArgument(text);
            case -9 -> new InvalidUtf8(text);
            case -10 -> new InvalidHandle(text);
            case -11 -> new NotStarted(text);
            case -12 -> new NoThread(text);
            case -13 -> new NoBootEntry(text);
            case -14 -> new NotNotified(text);
            case -15 -> new TimedOut(text);
            case -16 -> new HandleBusy(text);
            case -17 -> new NoMemory(text);
            case -18 -> new EndedBadly(text);
            case -19 -> new RuntimeLost(text);
            case -20 -> new Cancelled(text);
            case -21 -> new Rt0Busy(text);
            case -22 -> new NotDone(text);
            default -> code > 0 ? new Library(code, text) : new XampleException(code, text);
        };
    }

    /** The library's own error: its code is positive. */
    public static class Library extends XampleException {
        private static final long serialVersionUID = 1L;

        Library(int code, String text) {
            super(code, text);
        }
    }

    /**
     * It is BUSY.
     */
    public static final class Busy extends Library {
        private static final long serialVersionUID = 1L;

        Busy(String text) {
            super(4, text);
        }
    }

    /**
     * It is NO_PLACE.
     */
    public static final class NoPlace extends Library {
        private static final long serialVersionUID = 1L;

        NoPlace(String text) {
            super(5, text);
        }
    }

    /**
     * It is CODES.
     */
    public static final class Codes extends Library {
        private static final long serialVersionUID = 1L;

        Codes(String text) {
            super(6, text);
        }
    }

    /**
     * The library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it).
     */
    public static final class NotReady extends XampleException {
        private static final long serialVersionUID = 1L;

        NotReady(String text) {
            super(-1, text);
        }
    }

    /**
     * The library failed to start; the error text says why.
     */
    public static final class BootFailed extends XampleException {
        private static final long serialVersionUID = 1L;

        BootFailed(String text) {
            super(-2, text);
        }
    }

    /**
     * The call panicked inside the library; the library keeps working.
     */
    public static final class Panicked extends XampleException {
        private static final long serialVersionUID = 1L;

        Panicked(String text) {
            super(-3, text);
        }
    }

    /**
     * Called from the library's own start-up, which would deadlock; call it after start-up.
     */
    public static final class CalledFromBoot extends XampleException {
        private static final long serialVersionUID = 1L;

        CalledFromBoot(String text) {
            super(-4, text);
        }
    }

    /**
     * The call would deadlock; make it from another thread, outside the library's own calls.
     */
    public static final class WouldDeadlock extends XampleException {
        private static final long serialVersionUID = 1L;

        WouldDeadlock(String text) {
            super(-5, text);
        }
    }

    /**
     * This process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first.
     */
    public static final class Forked extends XampleException {
        private static final long serialVersionUID = 1L;

        Forked(String text) {
            super(-6, text);
        }
    }

    /**
     * The library is shutting down or has stopped; call again after the shutdown.
     */
    public static final class Stopped extends XampleException {
        private static final long serialVersionUID = 1L;

        Stopped(String text) {
            super(-7, text);
        }
    }

    /**
     * An argument is not valid; the error text names it.
     */
    public static final class InvalidArgument extends XampleException {
        private static final long serialVersionUID = 1L;

        InvalidArgument(String text) {
            super(-8, text);
        }
    }

    /**
     * A text argument is not valid UTF-8; the error text names it.
     */
    public static final class InvalidUtf8 extends XampleException {
        private static final long serialVersionUID = 1L;

        InvalidUtf8(String text) {
            super(-9, text);
        }
    }

    /**
     * A handle is not open in this library: it was closed, is of another type, or is from before the last start.
     */
    public static final class InvalidHandle extends XampleException {
        private static final long serialVersionUID = 1L;

        InvalidHandle(String text) {
            super(-10, text);
        }
    }

    /**
     * The library was not started; call its start function first.
     */
    public static final class NotStarted extends XampleException {
        private static final long serialVersionUID = 1L;

        NotStarted(String text) {
            super(-11, text);
        }
    }

    /**
     * The operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread.
     */
    public static final class NoThread extends XampleException {
        private static final long serialVersionUID = 1L;

        NoThread(String text) {
            super(-12, text);
        }
    }

    /**
     * The library was built without a boot function; its author must set one.
     */
    public static final class NoBootEntry extends XampleException {
        private static final long serialVersionUID = 1L;

        NoBootEntry(String text) {
            super(-13, text);
        }
    }

    /**
     * The library's boot function returned without reporting whether start-up is done; its author must report it.
     */
    public static final class NotNotified extends XampleException {
        private static final long serialVersionUID = 1L;

        NotNotified(String text) {
            super(-14, text);
        }
    }

    /**
     * The operation did not finish before its deadline; the error text says what holds it up.
     */
    public static final class TimedOut extends XampleException {
        private static final long serialVersionUID = 1L;

        TimedOut(String text) {
            super(-15, text);
        }
    }

    /**
     * A handle is in use by another call; call again when that call has returned.
     */
    public static final class HandleBusy extends XampleException {
        private static final long serialVersionUID = 1L;

        HandleBusy(String text) {
            super(-16, text);
        }
    }

    /**
     * There is not enough memory for the call; free some and call again.
     */
    public static final class NoMemory extends XampleException {
        private static final long serialVersionUID = 1L;

        NoMemory(String text) {
            super(-17, text);
        }
    }

    /**
     * The library was shut down, but part of the shutdown failed; the error text says what.
     */
    public static final class EndedBadly extends XampleException {
        private static final long serialVersionUID = 1L;

        EndedBadly(String text) {
            super(-18, text);
        }
    }

    /**
     * The library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again.
     */
    public static final class RuntimeLost extends XampleException {
        private static final long serialVersionUID = 1L;

        RuntimeLost(String text) {
            super(-19, text);
        }
    }

    /**
     * The operation was cancelled before it was done.
     */
    public static final class Cancelled extends XampleException {
        private static final long serialVersionUID = 1L;

        Cancelled(String text) {
            super(-20, text);
        }
    }

    /**
     * The queue is at its limit; take tags from it, then begin again.
     */
    public static final class Rt0Busy extends XampleException {
        private static final long serialVersionUID = 1L;

        Rt0Busy(String text) {
            super(-21, text);
        }
    }

    /**
     * The operation is not done yet; wait for its tag or with the library's op_wait, then call again.
     */
    public static final class NotDone extends XampleException {
        private static final long serialVersionUID = 1L;

        NotDone(String text) {
            super(-22, text);
        }
    }
}
