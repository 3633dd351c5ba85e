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
        "x_Cursor_free",
        "x_step",
        "x_look",
        "x_close",
        "x_nothing",
        "x_size",
        "x_stop",
        "x_count",
        "x_keywords",
        "x_buffers",
        "x_text",
        "x_maybe_text",
        "x_maybe_number",
        "x_open",
        "x_find",
        "x_each",
        "x_nested",
        "x_own_names",
        "x_find_const",
        "x_choose",
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

    private static final class x_step {
        static final MethodHandle HANDLE =
                Library.handle("x_step", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_step(long a0, long a1, long a2) {
        try {
            return (int) x_step.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_look {
        static final MethodHandle HANDLE =
                Library.handle("x_look", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    static int x_look(long a0, int a1, long a2, long a3) {
        try {
            return (int) x_look.HANDLE.invokeExact(a0, a1, a2, a3);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_close {
        static final MethodHandle HANDLE =
                Library.handle("x_close", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    static int x_close(long a0, long a1) {
        try {
            return (int) x_close.HANDLE.invokeExact(a0, a1);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_nothing {
        static final MethodHandle HANDLE =
                Library.handle("x_nothing", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    static int x_nothing(long a0) {
        try {
            return (int) x_nothing.HANDLE.invokeExact(a0);
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

    private static final class x_stop {
        static final MethodHandle HANDLE =
                Library.handle("x_stop", FunctionDescriptor.ofVoid(JAVA_BOOLEAN));
    }

    static void x_stop(boolean a0) {
        try {
            x_stop.HANDLE.invokeExact(a0);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_count {
        static final MethodHandle HANDLE =
                Library.handle("x_count", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_count(long a0, long a1, long a2, long a3) {
        try {
            return (int) x_count.HANDLE.invokeExact(a0, a1, a2, a3);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_keywords {
        static final MethodHandle HANDLE =
                Library.handle("x_keywords", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, Structs.LAYOUT_OF_Hit, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    static int x_keywords(long a0, long a1, int a2, int a3, int a4, int a5, MemorySegment a6, int a7, int a8, long a9, long a10) {
        try {
            return (int) x_keywords.HANDLE.invokeExact(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_buffers {
        static final MethodHandle HANDLE =
                Library.handle("x_buffers", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_buffers(long a0, long a1, long a2, long a3, long a4, long a5, long a6, long a7, long a8, long a9, long a10, long a11) {
        try {
            return (int) x_buffers.HANDLE.invokeExact(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_text {
        static final MethodHandle HANDLE =
                Library.handle("x_text", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_text(long a0, long a1, long a2) {
        try {
            return (int) x_text.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_maybe_text {
        static final MethodHandle HANDLE =
                Library.handle("x_maybe_text", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_maybe_text(long a0, long a1, long a2) {
        try {
            return (int) x_maybe_text.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_maybe_number {
        static final MethodHandle HANDLE =
                Library.handle("x_maybe_number", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_maybe_number(long a0, long a1, long a2) {
        try {
            return (int) x_maybe_number.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_open {
        static final MethodHandle HANDLE =
                Library.handle("x_open", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_open(long a0, long a1, long a2) {
        try {
            return (int) x_open.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_find {
        static final MethodHandle HANDLE =
                Library.handle("x_find", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_find(long a0, long a1, long a2) {
        try {
            return (int) x_find.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_each {
        static final MethodHandle HANDLE =
                Library.handle("x_each", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_each(long a0, long a1, long a2) {
        try {
            return (int) x_each.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_nested {
        static final MethodHandle HANDLE =
                Library.handle("x_nested", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_nested(long a0, long a1, long a2) {
        try {
            return (int) x_nested.HANDLE.invokeExact(a0, a1, a2);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_own_names {
        static final MethodHandle HANDLE =
                Library.handle("x_own_names", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
    }

    static int x_own_names(long a0, long a1, long a2, long a3, int a4, long a5) {
        try {
            return (int) x_own_names.HANDLE.invokeExact(a0, a1, a2, a3, a4, a5);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_find_const {
        static final MethodHandle HANDLE =
                Library.handle("x_find_const", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static int x_find_const(long a0, long a1, long a2, long a3, long a4) {
        try {
            return (int) x_find_const.HANDLE.invokeExact(a0, a1, a2, a3, a4);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static final class x_choose {
        static final MethodHandle HANDLE =
                Library.handle("x_choose", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    static long x_choose(long a0, long a1, long a2, long a3) {
        try {
            return (long) x_choose.HANDLE.invokeExact(a0, a1, a2, a3);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }
}
