// Written by cargo rt0 bindings.
package xample;

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
}
