// Written by cargo rt0 bindings.
package xample;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

/** A handle's number, and what closes it: an object's owner, or the collector. */
final class Held {
    private static final int STOPPED = -7;
    private static final int INVALID_HANDLE = -10;
    private static final int HANDLE_BUSY = -16;

    private static final Cleaner CLEANER = Cleaner.create();

    /** The C function that closes it. */
    interface Free {
        int free(long number);
    }

    /** What the collector needs, which must not know the object. */
    private record Open(AtomicBoolean open, long number, Free free) implements Runnable {
        @Override
        public void run() {
            if (open.getAndSet(false) && !Library.ended) {
                free.free(number);
            }
        }
    }

    private final Open open;
    private final Cleaner.Cleanable cleanable;

    Held(Object owner, long number, Free free) {
        open = new Open(new AtomicBoolean(true), number, free);
        cleanable = CLEANER.register(owner, open);
    }

    long number() {
        return open.number;
    }

    void taken() {
        open.open.set(false);
        cleanable.clean();
    }

    void close() throws XampleException {
        if (!open.open.getAndSet(false) || Library.ended) {
            return;
        }
        int code = open.free.free(open.number);
        if (code == HANDLE_BUSY) {
            open.open.set(true);
        } else {
            cleanable.clean();
        }
        // It is gone already, or goes with the library.
        if (code != 0 && code != INVALID_HANDLE && code != STOPPED) {
            throw XampleException.of(code);
        }
    }
}
