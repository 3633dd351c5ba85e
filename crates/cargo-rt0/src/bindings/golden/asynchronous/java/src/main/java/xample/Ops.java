// Written by cargo rt0 bindings.
package xample;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Async calls: one queue, and one thread that takes from it. It is a daemon, so it keeps no virtual machine alive, and
 * no thread of the library's enters the machine. What is done with a result is done on the futures' usual executor: who
 * waits there holds up nobody else.
 */
final class Ops {
    private static final int STOPPED = -7;
    private static final int BUSY = -21;
    /** No code of the library's: this queue is over, and the op begins on another. */
    private static final int OVER = 1;

    /** How many calls may be under way. More of them wait for their turn. */
    private static final int LIMIT = 1024;

    /** The C function that begins an op. */
    interface Begin {
        int begin(Frame frame, long queue, long tag, long op, long err);
    }

    /** The C function that takes its result. */
    interface End<T> {
        T end(Frame frame, long op) throws XampleException;
    }

    /** A call. Whoever completes its future from outside cancels it. */
    private static final class Op<T> extends CompletableFuture<T> {
        private Begin begin;
        private End<T> end;
        /** What must be there until it is done. */
        private Object[] held;
        /** Its number; 0 until it has begun. */
        private long number;
        /** Whether its tag has come. */
        private boolean arrived;
        /** Whether nobody wants it any more. */
        private boolean dropped;

        Op(Begin begin, End<T> end, Object[] held) {
            this.begin = begin;
            this.end = end;
            this.held = held;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean now = super.cancel(mayInterrupt);
            if (now) {
                drop();
            }
            return now;
        }

        @Override
        public boolean complete(T value) {
            boolean now = super.complete(value);
            if (now) {
                drop();
            }
            return now;
        }

        @Override
        public boolean completeExceptionally(Throwable error) {
            boolean now = super.completeExceptionally(error);
            if (now) {
                drop();
            }
            return now;
        }

        /** Its tag still comes. */
        private void drop() {
            long open = 0;
            synchronized (this) {
                dropped = true;
                if (number != 0 && !arrived) {
                    open = number;
                }
            }
            if (open != 0) {
                free(open);
            }
        }

        private static void free(long number) {
            if (!Library.ended) {
                Native.x_op_free(number);
            }
        }

        /** It has begun. */
        void begun(long number) {
            boolean late;
            boolean unwanted;
            begin = null;
            synchronized (this) {
                this.number = number;
                late = arrived;
                unwanted = dropped && !late;
            }
            if (unwanted) {
                free(number);
            } else if (late) {
                done();
            }
        }

        synchronized boolean hasBegun() {
            return number != 0;
        }

        /** Its tag has come, maybe before this machine knows its number. */
        void arrived() {
            boolean known;
            synchronized (this) {
                arrived = true;
                known = number != 0;
            }
            if (known) {
                done();
            }
        }

        private void done() {
            held = null;
            boolean unwanted;
            synchronized (this) {
                unwanted = dropped;
            }
            if (unwanted) {
                // Freed already, or here: a second time does nothing.
                free(number);
            } else {
                defaultExecutor().execute(this::take);
            }
        }

        private void take() {
            T value;
            End<T> end = this.end;
            this.end = null;
            try (Frame frame = Frame.open()) {
                value = end.end(frame, number);
            } catch (Throwable error) {
                super.completeExceptionally(error);
                return;
            }
            if (!super.complete(value) && value instanceof AutoCloseable unwanted) {
                // Cancelled in this very moment: nobody will close it.
                try {
                    unwanted.close();
                } catch (Exception busy) {
                    // The collector will.
                }
            }
        }

        void failed(XampleException error) {
            held = null;
            defaultExecutor().execute(() -> super.completeExceptionally(error));
        }
    }

    private static Ops current;

    private final long queue;
    private final AtomicLong tags = new AtomicLong();
    private final Map<Long, Op<?>> waiting = new ConcurrentHashMap<>();
    private final ArrayDeque<Op<?>> turns = new ArrayDeque<>();
    /** Calls that are beginning, or whose tags have not come. */
    private int underWay;
    private boolean open = true;
    /** Whether a call has begun on it. */
    private volatile boolean used;
    /** Whether no tag comes any more. */
    private volatile boolean over;

    private Ops(long queue) {
        this.queue = queue;
    }

    /** Begins an op. What is held lives until it is done. */
    static <T> CompletableFuture<T> run(Begin begin, End<T> end, Object... held) {
        Op<T> op = new Op<>(begin, end, held);
        start(op);
        return op;
    }

    private static void start(Op<?> op) {
        int code;
        do {
            Ops ops;
            try {
                ops = current();
            } catch (XampleException error) {
                op.failed(error);
                return;
            }
            synchronized (ops) {
                ops.underWay++;
            }
            code = ops.begin(op);
            if (code == BUSY) {
                ops.later(op);
            } else if (code != 0) {
                synchronized (ops) {
                    ops.underWay--;
                }
                ops.turn();
            }
        } while (code == OVER);
    }

    /** The queue that is open. */
    private static synchronized Ops current() throws XampleException {
        if (current == null) {
            try (Frame frame = Frame.open()) {
                long out = frame.place(8);
                long err = frame.err();
                int code = Native.x_queue_new(LIMIT, out, err);
                if (code != 0) {
                    throw XampleException.of(code, err);
                }
                Ops ops = new Ops(Memory.i64(out));
                Thread thread = new Thread(ops::work, "xample ops");
                thread.setDaemon(true);
                thread.start();
                current = ops;
            }
        }
        return current;
    }

    /**
     * Begins an op that is counted as under way: 0, or the caller counts it no more. BUSY and OVER are left to the caller,
     * too; all else is done.
     */
    private int begin(Op<?> op) {
        long tag = tags.incrementAndGet();
        waiting.put(tag, op);
        int code;
        long number = 0;
        XampleException error = null;
        try (Frame frame = Frame.open()) {
            long out = frame.place(8);
            long err = frame.err();
            code = op.begin.begin(frame, queue, tag, out, err);
            if (code == 0) {
                number = Memory.i64(out);
            } else {
                error = XampleException.of(code, err);
            }
        } catch (XampleException ended) {
            op.failed(ended);
            waiting.remove(tag);
            return STOPPED;
        }
        if (code == 0) {
            used = true;
            op.begun(number);
            // Its thread has not seen that it has begun, or it tells so, too.
            if (over && waiting.remove(tag) != null) {
                op.failed(shutDown());
            }
            return 0;
        }
        waiting.remove(tag);
        if (code == BUSY) {
            return BUSY;
        }
        if (code == STOPPED && !used && Native.x_wait(0) == STOPPED) {
            // Another queue would be of no more use. What this one says may be of an earlier shutdown.
            op.failed(XampleException.of(STOPPED));
            return code;
        }
        if (code == STOPPED ? Native.x_start() == 0 : isClosed()) {
            // The library was shut down after the queue was found, and its thread may not have heard of it yet. A library
            // that can't start again has ended for good.
            closed();
            return OVER;
        }
        op.failed(error);
        return code;
    }

    /** It waits for its turn. */
    private void later(Op<?> op) {
        synchronized (this) {
            underWay--;
            turns.add(op);
            if (underWay > 0 && open) {
                return;
            }
        }
        // All others are done by now: nobody would call it.
        turn();
    }

    /** What an op gets whose tag will not come. */
    private static XampleException shutDown() {
        return XampleException.of(STOPPED, "the library was shut down");
    }

    /** What an op gets that waited for its turn until the library was shut down. */
    private static XampleException tooLate() {
        return XampleException.of(STOPPED, "the library was shut down before the call could begin");
    }

    /** Those that wait begin, as many as there is room for. */
    private void turn() {
        while (true) {
            Op<?> next;
            boolean ended;
            synchronized (this) {
                next = turns.poll();
                if (next == null) {
                    return;
                }
                ended = !open;
                if (!ended) {
                    underWay++;
                }
            }
            if (ended) {
                next.failed(tooLate());
                continue;
            }
            // One that was cancelled meanwhile does not begin.
            int code = next.isDone() ? STOPPED : begin(next);
            if (code == 0) {
                continue;
            }
            if (code == OVER) {
                next.failed(tooLate());
            }
            synchronized (this) {
                underWay--;
                if (code == BUSY) {
                    turns.addFirst(next);
                    if (underWay > 0) {
                        return;
                    }
                }
            }
        }
    }

    /** The thread: it ends when the library is shut down. */
    private void work() {
        while (take() == 0) {
            // Until there is no more.
        }
        closed();
        // No tag comes any more. Those that are just beginning hear it from the call that begins them.
        over = true;
        for (Op<?> op : waiting.values()) {
            if (op.hasBegun()) {
                op.failed(shutDown());
            }
        }
        if (!Library.ended) {
            Native.x_queue_free(queue);
        }
    }

    private int take() {
        try (Frame frame = Frame.always()) {
            int room = 64;
            long places = frame.place(8L * room);
            long count = frame.place(8);
            int code = Native.x_queue_take(queue, places, room, count, -1);
            long taken = code == 0 ? Memory.i64(count) : 0;
            for (long at = 0; at < taken; at++) {
                Op<?> op = waiting.remove(Memory.i64(places + 8 * at));
                if (op != null) {
                    op.arrived();
                }
            }
            if (taken > 0) {
                synchronized (this) {
                    underWay -= (int) taken;
                }
                turn();
            }
            return code;
        }
    }

    private synchronized boolean isClosed() {
        return !open;
    }

    private void closed() {
        synchronized (Ops.class) {
            if (current == this) {
                current = null;
            }
        }
        synchronized (this) {
            open = false;
        }
        turn();
    }
}
