// Written by cargo rt0 bindings.
package xample;

import static java.lang.foreign.ValueLayout.*;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;

/**
 * The library's functions, as C has them. An address is a long. What a call needs is made when it is first called: a
 * program pays only for the functions that it uses.
 */
final class Native {
    private Native() {}

    /** All that must be there. */
    static final String[] SYMBOLS = {
        "x_start",
        "x_wait",
        "x_state",
        "x_last_error",
        "x_shutdown",
        "x_report",
        "x_free",
        "x_op_free",
        "x_queue_new",
        "x_queue_free",
        "x_queue_take",
        "x_events",
        "x_Cursor_free",
        "x_size",
        "x_rest",
        "x_rest_begin",
        "x_rest_end",
        "x_fetch",
        "x_fetch_begin",
        "x_fetch_end",
    };

    private static Error unexpected(Throwable error) {
        if (error instanceof Error own) {
            return own;
        }
        return new AssertionError(error);
    }

    private static final class x_start {
        static final MethodHandle HANDLE =
                Library.handle("x_start", FunctionDescriptor.of(JAVA_INT));
    }

    static int x_start() {
        try {
            return (int) x_start.HANDLE.invokeExact();
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_wait {
        static final MethodHandle HANDLE =
                Library.handle("x_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    static int x_wait(int a0) {
        try {
            return (int) x_wait.HANDLE.invokeExact(a0);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_state {
        static final MethodHandle HANDLE =
                Library.handle("x_state", FunctionDescriptor.of(JAVA_INT));
    }

    static int x_state() {
        try {
            return (int) x_state.HANDLE.invokeExact();
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_last_error {
        static final MethodHandle HANDLE =
                Library.handle("x_last_error", FunctionDescriptor.of(JAVA_LONG));
    }

    static long x_last_error() {
        try {
            return (long) x_last_error.HANDLE.invokeExact();
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_shutdown {
        static final MethodHandle HANDLE =
                Library.handle("x_shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    static int x_shutdown(int a0) {
        try {
            return (int) x_shutdown.HANDLE.invokeExact(a0);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_report {
        static final MethodHandle HANDLE =
                Library.handle("x_report", FunctionDescriptor.of(JAVA_LONG));
    }

    static long x_report() {
        try {
            return (long) x_report.HANDLE.invokeExact();
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_free {
        static final MethodHandle HANDLE =
                Library.handle("x_free", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    static int x_free(long a0) {
        try {
            return (int) x_free.HANDLE.invokeExact(a0);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_op_free {
        static final MethodHandle HANDLE =
                Library.handle("x_op_free", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    static int x_op_free(long a0) {
        try {
            return (int) x_op_free.HANDLE.invokeExact(a0);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_queue_new {
        static final MethodHandle HANDLE =
                Library.handle("x_queue_new", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    static int x_queue_new(int a0, long a1, long a2) {
        try {
            return (int) x_queue_new.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_queue_free {
        static final MethodHandle HANDLE =
                Library.handle("x_queue_free", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    static int x_queue_free(long a0) {
        try {
            return (int) x_queue_free.HANDLE.invokeExact(a0);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_queue_take {
        static final MethodHandle HANDLE =
                Library.handle("x_queue_take", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
    }

    static int x_queue_take(long a0, long a1, long a2, long a3, int a4) {
        try {
            return (int) x_queue_take.HANDLE.invokeExact(a0, a1, a2, a3, a4);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_events {
        static final MethodHandle HANDLE =
                Library.handle("x_events", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    static int x_events(int a0, long a1, long a2) {
        try {
            return (int) x_events.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_Cursor_free {
        static final MethodHandle HANDLE =
                Library.handle("x_Cursor_free", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    static int x_Cursor_free(long a0) {
        try {
            return (int) x_Cursor_free.HANDLE.invokeExact(a0);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_size {
        static final MethodHandle HANDLE =
                Library.handle("x_size", FunctionDescriptor.of(JAVA_LONG));
    }

    static long x_size() {
        try {
            return (long) x_size.HANDLE.invokeExact();
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_rest {
        static final MethodHandle HANDLE =
                Library.handle("x_rest", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    static int x_rest(long a0) {
        try {
            return (int) x_rest.HANDLE.invokeExact(a0);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_rest_begin {
        static final MethodHandle HANDLE =
                Library.handle("x_rest_begin", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_rest_begin(int a0, long a1, long a2, long a3, long a4) {
        try {
            return (int) x_rest_begin.HANDLE.invokeExact(a0, a1, a2, a3, a4);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_rest_end {
        static final MethodHandle HANDLE =
                Library.handle("x_rest_end", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    static int x_rest_end(long a0, long a1) {
        try {
            return (int) x_rest_end.HANDLE.invokeExact(a0, a1);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_fetch {
        static final MethodHandle HANDLE =
                Library.handle("x_fetch", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_fetch(long a0, long a1, int a2, int a3, long a4, long a5, long a6, long a7, long a8) {
        try {
            return (int) x_fetch.HANDLE.invokeExact(a0, a1, a2, a3, a4, a5, a6, a7, a8);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_fetch_begin {
        static final MethodHandle HANDLE =
                Library.handle("x_fetch_begin", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_fetch_begin(long a0, long a1, int a2, int a3, long a4, long a5, int a6, long a7, long a8, long a9, long a10) {
        try {
            return (int) x_fetch_begin.HANDLE.invokeExact(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_fetch_end {
        static final MethodHandle HANDLE =
                Library.handle("x_fetch_end", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_fetch_end(long a0, long a1, long a2, long a3) {
        try {
            return (int) x_fetch_end.HANDLE.invokeExact(a0, a1, a2, a3);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }
}
