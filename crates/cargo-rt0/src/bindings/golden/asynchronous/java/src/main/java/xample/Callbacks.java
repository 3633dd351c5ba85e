// Written by cargo rt0 bindings.
package xample;

import static java.lang.foreign.ValueLayout.*;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Functions of Java's that the library calls.
 * <p>
 * What C calls for one type of callback is made once, and never freed. It finds the function by a number, which the
 * library hands back. So a library that calls back too late calls nothing, and the thread's handler of uncaught
 * exceptions hears of it. Nothing may be thrown through C's frames: that would end the virtual machine.
 */
@SuppressWarnings("restricted")
final class Callbacks {
    private Callbacks() {}

    private static final AtomicLong KEYS = new AtomicLong();
    private static final AtomicLong SHUTDOWNS = new AtomicLong();
    private static final Map<Long, Entry> ENTRIES = new ConcurrentHashMap<>();

    /** What {@code keep} has marked. A mark goes with its function. */
    private static final Map<Mark, Mark> MARKS = new ConcurrentHashMap<>();
    private static final ReferenceQueue<Object> GONE = new ReferenceQueue<>();

    /** A function while a call can call it back. */
    static final class Entry {
        final Object function;
        /** Null: it is not kept. */
        final Mark mark;
        final long key = KEYS.incrementAndGet();
        private volatile boolean open = true;
        private volatile Throwable raised;
        private Map<Pool, Place> places;

        Entry(Object function, Mark mark) {
            this.function = function;
            this.mark = mark;
        }

        boolean kept() {
            return mark != null;
        }

        /** Where C calls it, if C gives no number back. */
        synchronized long stub(Pool pool) {
            if (places == null) {
                places = new IdentityHashMap<>();
            }
            Place place = places.computeIfAbsent(pool, Pool::take);
            place.entry = this;
            return place.stub;
        }

        private synchronized void close() {
            open = false;
            if (places != null) {
                places.forEach((pool, place) -> pool.give(place));
                places = null;
            }
        }
    }

    /** That a function is to be kept. It is found by the function itself, and not by what is equal to it. */
    private static final class Mark extends WeakReference<Object> {
        private final int hash;
        /** It holds the function from the first call that gets it to the shutdown. */
        private Entry entry;
        /** How many calls that pass the function are under way. */
        private int calls;
        /** How many shutdowns had begun when the last of them was over. */
        private long passed;

        Mark(Object function, ReferenceQueue<Object> gone) {
            super(function, gone);
            hash = System.identityHashCode(function);
        }

        synchronized Entry enter(Object function) {
            if (entry == null) {
                entry = new Entry(function, this);
                ENTRIES.put(entry.key, entry);
            }
            calls++;
            return entry;
        }

        synchronized void leave() {
            calls--;
            passed = SHUTDOWNS.get();
        }

        synchronized void forget(long shutdown) {
            if (entry != null && calls == 0 && passed < shutdown) {
                ENTRIES.remove(entry.key);
                entry.close();
                entry = null;
            }
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Mark mark && get() != null && get() == mark.get();
        }
    }

    static <F> F keep(F function) {
        for (Object gone = GONE.poll(); gone != null; gone = GONE.poll()) {
            MARKS.remove(gone);
        }
        Mark mark = new Mark(Objects.requireNonNull(function, "function"), GONE);
        MARKS.putIfAbsent(mark, mark);
        return function;
    }

    private static Mark markOf(Object function) {
        return MARKS.isEmpty() ? null : MARKS.get(new Mark(function, null));
    }

    /** Before a call that calls this function back. */
    static Entry enter(Object function) {
        Entry entry = enterBare(function);
        if (entry != null && !entry.kept()) {
            ENTRIES.put(entry.key, entry);
        }
        return entry;
    }

    /** The same for a callback that gets no number. */
    static Entry enterBare(Object function) {
        if (function == null) {
            return null;
        }
        Mark mark = markOf(function);
        return mark == null ? new Entry(function, null) : mark.enter(function);
    }

    /** After the call. */
    static void leave(Entry... entered) {
        for (Entry entry : entered) {
            if (entry == null) {
                continue;
            }
            if (entry.kept()) {
                entry.mark.leave();
                continue;
            }
            ENTRIES.remove(entry.key);
            entry.close();
        }
    }

    private static Throwable raised(Entry... entered) {
        for (Entry entry : entered) {
            if (entry != null && entry.raised != null) {
                return entry.raised;
            }
        }
        return null;
    }

    /** Throws what a callback has thrown. */
    static <X extends Exception> void check(Entry... entered) throws X {
        Throwable raised = raised(entered);
        if (raised != null) {
            throw Callbacks.<X>thrown(raised);
        }
    }

    /** What a failed call throws: what a callback has thrown comes first. */
    static <X extends Exception> XampleException either(XampleException error, Entry... entered) throws X {
        Throwable raised = raised(entered);
        if (raised == null) {
            return error;
        }
        if (raised != error) {
            raised.addSuppressed(error);
        }
        throw Callbacks.<X>thrown(raised);
    }

    /** It is an X, or needs no declaration: the callback's interface says so. */
    @SuppressWarnings("unchecked")
    private static <X extends Exception> X thrown(Throwable raised) {
        if (raised instanceof RuntimeException own) {
            throw own;
        }
        if (raised instanceof Error own) {
            throw own;
        }
        return (X) raised;
    }

    /** Gives the shutdown's number. */
    static long shutdownBegins() {
        return SHUTDOWNS.incrementAndGet();
    }

    /**
     * What this shutdown has ended. A call that was over later may have started the library again, and what it has
     * passed stays: until the next shutdown, if this one did end it.
     */
    static void forget(long shutdown) {
        MARKS.keySet().forEach(mark -> mark.forget(shutdown));
    }

    private static Entry still(Entry entry) {
        if (entry == null || !entry.open) {
            throw new IllegalStateException(
                    "the library called back after its call had returned: pass Xample.keep(function)");
        }
        return entry;
    }

    /** A callback has thrown: the call will, or if none waits for it, the thread's handler hears of it. */
    private static void failed(Entry entry, Throwable error) {
        if (entry != null && entry.open && !entry.kept()) {
            entry.raised = error;
            return;
        }
        try {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
        } catch (Throwable again) {
            // Nobody is left who could hear of it.
        }
    }

    private static MethodHandle target(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findStatic(Callbacks.class, name, type);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static long stub(MethodHandle target, FunctionDescriptor descriptor) {
        return Library.LINKER.upcallStub(target, descriptor, Arena.global()).address();
    }

    /** What C calls for a callback that gets no number: one for each function that can be called back now. */
    private static final class Place {
        final long stub;
        volatile Entry entry;

        Place(Pool pool) {
            stub = stub(MethodHandles.insertArguments(pool.target, 0, this), pool.descriptor);
        }
    }

    /**
     * The places of one type. They are never freed, and used again when many calls have passed: until then a library
     * that calls back too late is noticed.
     */
    static final class Pool {
        private static final int LIMIT = 256;

        private final MethodHandle target;
        private final FunctionDescriptor descriptor;
        private final ArrayDeque<Place> free = new ArrayDeque<>();

        Pool(MethodHandle target, FunctionDescriptor descriptor) {
            this.target = target;
            this.descriptor = descriptor;
        }

        synchronized Place take() {
            return free.size() < LIMIT ? new Place(this) : free.poll();
        }

        synchronized void give(Place place) {
            place.entry = null;
            free.add(place);
        }
    }

    private static volatile Xample.EventHandler handler;
    /** The thread that is telling of an event now. */
    private static volatile Thread telling;

    static void events(int level, Xample.EventHandler wanted) throws XampleException {
        if (telling == Thread.currentThread()) {
            // The library refuses it. Whoever has the lock may be waiting for the handler that asks.
            Library.check(Native.x_events(level, 0, 0));
            return;
        }
        setHandler(level, wanted);
    }

    private static synchronized void setHandler(int level, Xample.EventHandler wanted) throws XampleException {
        Xample.EventHandler before = handler;
        if (wanted != null) {
            handler = wanted;
        }
        int code = Native.x_events(level, wanted == null ? 0 : Events.STUB, 0);
        if (code != 0) {
            handler = before;
            throw XampleException.of(code);
        }
        handler = wanted;
    }

    private static final class Events {
        static final long STUB =
                stub(
                        target(
                                "event",
                                MethodType.methodType(
                                        void.class, long.class, int.class, long.class, long.class, long.class)),
                        FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    @SuppressWarnings("unused")
    private static void event(long user, int level, long target, long text, long spans) {
        telling = Thread.currentThread();
        try {
            Xample.EventHandler now = handler;
            if (now != null) {
                now.event(level, Memory.string(target), Memory.string(text), Memory.string(spans));
            }
        } catch (Throwable error) {
            failed(null, error);
        } finally {
            telling = null;
        }
    }
}
