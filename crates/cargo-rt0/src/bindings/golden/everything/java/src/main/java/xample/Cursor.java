// Written by cargo rt0 bindings.
package xample;

import java.lang.ref.Reference;
import java.util.Objects;

/**
 * A place in a list.
 * <p>
 * The library makes it. It is closed by {@code close}, and by the collector at the latest. One that is closed is an
 * error for calls and nothing else: its number is never used twice.
 */
public final class Cursor implements AutoCloseable {
    private final Held held;

    Cursor(long number) {
        held = new Held(this, number, Native::x_Cursor_free);
    }

    long number() {
        return held.number();
    }

    /** A call has closed it. */
    void taken() {
        held.taken();
    }

    /** Closes it. A second time does nothing. While a call uses it, that fails, and it stays open. */
    @Override
    public void close() throws XampleException {
        held.close();
    }

    public Hit step() throws XampleException {
        try (Frame frame = Frame.open()) {
            long out = frame.place(32);
            long err = frame.err();
            int code = Native.x_step(number(), out, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Structs.readHit(out);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    public Mode look(Mode by) throws XampleException {
        Objects.requireNonNull(by, "by");
        try (Frame frame = Frame.open()) {
            long out = frame.place(1);
            long err = frame.err();
            int code = Native.x_look(number(), by.value(), out, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Mode.of(Memory.u8(out));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * It closes `cursor`.
     */
    public void close_() throws XampleException {
        try (Frame frame = Frame.open()) {
            long err = frame.err();
            int code = Native.x_close(number(), err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            taken();
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
