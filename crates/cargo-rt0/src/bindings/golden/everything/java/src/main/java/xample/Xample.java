// Written by cargo rt0 bindings from xample: a change here is lost when it is written again.
package xample;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An example: größer, *&#47; and /* and a &#92;
 * <p>
 * End.
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

    public static void nothing() throws XampleException {
        try (Frame frame = Frame.open()) {
            long err = frame.err();
            int code = Native.x_nothing(err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
        }
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
     * Stops.
     * <p>
     * It throws nothing: it gives `-1` if the library is not ready or the call panics.
     */
    public static void stop(boolean now) {
        Native.x_stop(now);
    }

    /**
     * Counts.
     * <p>
     * Twice *&#47;.
     */
    public static long count(String word) throws XampleException {
        byte[] wordUtf8 = Memory.utf8(word, "word");
        try (Frame frame = Frame.open()) {
            long out = frame.place(8);
            long err = frame.err();
            int code = Native.x_count(frame.bytes(wordUtf8), wordUtf8.length, out, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Memory.i64(out);
        }
    }

    public static int keywords(String class_, int class_2, int out_, int err_, int int32T, Hit xHit, int linux, int n) throws XampleException {
        byte[] class_Utf8 = Memory.utf8(class_, "class_");
        Objects.requireNonNull(xHit, "xHit");
        try (Frame frame = Frame.open()) {
            long xHitAt = frame.place(32);
            Structs.writeHit(xHitAt, xHit);
            long out = frame.place(4);
            long err = frame.err();
            int code = Native.x_keywords(frame.bytes(class_Utf8), class_Utf8.length, class_2, out_, err_, int32T, Memory.at(xHitAt, 32), linux, n, out, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Memory.i32(out);
        }
    }

    /**
     * `maybe` may be null: none.
     */
    public static byte[] buffers(List<Hit> from, byte[] into, long[] own, String maybe, long signed) throws XampleException {
        List<Hit> fromNow = Memory.copied(from, "from");
        Objects.requireNonNull(into, "into");
        Objects.requireNonNull(own, "own");
        byte[] maybeUtf8 = maybe == null ? null : Memory.utf8(maybe, "maybe");
        try (Frame frame = Frame.open()) {
            long intoAt = frame.bytes(into);
            long out = frame.place(8);
            long len = frame.place(8);
            long err = frame.err();
            int code = Native.x_buffers(frame.list(fromNow, 32, (its_place, an_element) -> Structs.writeHit(its_place, an_element)), fromNow.size(), intoAt, into.length, frame.longs(own), own.length, frame.bytes(maybeUtf8), maybeUtf8 == null ? 0 : maybeUtf8.length, signed, out, len, err);
            Memory.back(intoAt, into);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Memory.takeBytes(out, len);
        }
    }

    /**
     * `maybe` may be null: none.
     * <p>
     * A native segment is passed as it is, and must be open until the call returns; another is copied.
     */
    public static byte[] buffers(List<Hit> from, MemorySegment into, MemorySegment own, String maybe, long signed) throws XampleException {
        List<Hit> fromNow = Memory.copied(from, "from");
        long intoLength = Memory.count(into, 1, "into");
        long ownLength = Memory.count(own, 8, "own");
        byte[] maybeUtf8 = maybe == null ? null : Memory.utf8(maybe, "maybe");
        try (Frame frame = Frame.open()) {
            long intoAt = frame.writing(into, 1, "into");
            long ownAt = frame.reading(own, 8, "own");
            long out = frame.place(8);
            long len = frame.place(8);
            long err = frame.err();
            int code = Native.x_buffers(frame.list(fromNow, 32, (its_place, an_element) -> Structs.writeHit(its_place, an_element)), fromNow.size(), intoAt, intoLength, ownAt, ownLength, frame.bytes(maybeUtf8), maybeUtf8 == null ? 0 : maybeUtf8.length, signed, out, len, err);
            Memory.back(intoAt, into);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Memory.takeBytes(out, len);
        } finally {
            Reference.reachabilityFence(into);
            Reference.reachabilityFence(own);
        }
    }

    public static String text() throws XampleException {
        try (Frame frame = Frame.open()) {
            long out = frame.place(8);
            long len = frame.place(8);
            long err = frame.err();
            int code = Native.x_text(out, len, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Memory.takeText(out, len);
        }
    }

    public static Optional<String> maybeText() throws XampleException {
        try (Frame frame = Frame.open()) {
            long out = frame.place(8);
            long len = frame.place(8);
            long err = frame.err();
            int code = Native.x_maybe_text(out, len, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Memory.i64(out) == 0 ? Optional.empty() : Optional.of(Memory.takeText(out, len));
        }
    }

    public static Optional<Double> maybeNumber() throws XampleException {
        try (Frame frame = Frame.open()) {
            long out = frame.place(8);
            long some = frame.place(1);
            long err = frame.err();
            int code = Native.x_maybe_number(out, some, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Memory.bool(some) ? Optional.of(Memory.f64(out)) : Optional.empty();
        }
    }

    /**
     * `at` may be null: none.
     */
    public static Cursor open(Hit at) throws XampleException {
        try (Frame frame = Frame.open()) {
            long atAt = at == null ? 0 : frame.place(32);
            if (at != null) {
                Structs.writeHit(atAt, at);
            }
            long out = frame.place(8);
            long err = frame.err();
            int code = Native.x_open(atAt, out, err);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return new Cursor(Memory.i64(out));
        }
    }

    /**
     * `at` has one element, which the call changes.
     */
    public static Optional<Cursor> find(Hit[] at) throws XampleException {
        Check.one(at == null ? 0 : at.length, "at");
        Objects.requireNonNull(at[0], "at[0]");
        try (Frame frame = Frame.open()) {
            long atAt = frame.place(32);
            Structs.writeHit(atAt, at[0]);
            long out = frame.place(8);
            long err = frame.err();
            int code = Native.x_find(atAt, out, err);
            at[0] = Structs.readHit(atAt);
            if (code != 0) {
                throw XampleException.of(code, err);
            }
            return Memory.i64(out) == 0 ? Optional.empty() : Optional.of(new Cursor(Memory.i64(out)));
        }
    }

    public static <X extends Exception> void each(Xample.EachEach<X> each) throws XampleException, X {
        Objects.requireNonNull(each, "each");
        Callbacks.Entry eachEntry = Callbacks.enter(each);
        try (Frame frame = Frame.open()) {
            long err = frame.err();
            int code = Native.x_each(Callbacks.EachEachStub.STUB, eachEntry.key, err);
            if (code != 0) {
                throw Callbacks.<X>either(XampleException.of(code, err), eachEntry);
            }
            Callbacks.<X>check(eachEntry);
        } finally {
            Callbacks.leave(eachEntry);
        }
    }

    public static <X extends Exception> Xample.NestedResult nested(Xample.NestedCall<X> call) throws XampleException, X {
        Objects.requireNonNull(call, "call");
        Callbacks.Entry callEntry = Callbacks.enterBare(call);
        try (Frame frame = Frame.open()) {
            long out = frame.place(8);
            long err = frame.err();
            int code = Native.x_nested(callEntry.stub(Callbacks.NestedCallStub.POOL), out, err);
            if (code != 0) {
                throw Callbacks.<X>either(XampleException.of(code, err), callEntry);
            }
            Xample.NestedResult result = Callbacks.giveNestedResult(Memory.i64(out));
            Callbacks.<X>check(callEntry);
            return result;
        } finally {
            Callbacks.leave(callEntry);
        }
    }

    public static void ownNames(List<Hit> at, List<Hit> one, int ms) throws XampleException {
        List<Hit> atNow = Memory.changed(at, "at");
        List<Hit> oneNow = Memory.copied(one, "one");
        try (Frame frame = Frame.open()) {
            long atAt = frame.list(atNow, 32, (its_place, an_element) -> Structs.writeHit(its_place, an_element));
            long err = frame.err();
            int code = Native.x_own_names(atAt, atNow.size(), frame.list(oneNow, 32, (its_place, an_element) -> Structs.writeHit(its_place, an_element)), oneNow.size(), ms, err);
            Memory.back(atAt, at, atNow, 32, its_place -> Structs.readHit(its_place));
            if (code != 0) {
                throw XampleException.of(code, err);
            }
        }
    }

    public static <X extends Exception> Optional<Integer> findConst(Xample.FindConstEach<X> each) throws XampleException, X {
        Objects.requireNonNull(each, "each");
        Callbacks.Entry eachEntry = Callbacks.enter(each);
        try (Frame frame = Frame.open()) {
            long out = frame.place(4);
            long some = frame.place(1);
            long err = frame.err();
            int code = Native.x_find_const(Callbacks.FindConstEachStub.STUB, eachEntry.key, out, some, err);
            if (code != 0) {
                throw Callbacks.<X>either(XampleException.of(code, err), eachEntry);
            }
            Optional<Integer> result = Memory.bool(some) ? Optional.of(Memory.i32(out)) : Optional.empty();
            Callbacks.<X>check(eachEntry);
            return result;
        } finally {
            Callbacks.leave(eachEntry);
        }
    }

    /**
     * It throws nothing: it gives `-1` if the library is not ready or the call panics.
     */
    public static Xample.ChooseResult choose(String aLongNameOfAParameter, String anotherLongNameOfAParameter) {
        byte[] aLongNameOfAParameterUtf8 = Memory.utf8(aLongNameOfAParameter, "aLongNameOfAParameter");
        byte[] anotherLongNameOfAParameterUtf8 = Memory.utf8(anotherLongNameOfAParameter, "anotherLongNameOfAParameter");
        try (Frame frame = Frame.always()) {
            long given = Native.x_choose(frame.bytes(aLongNameOfAParameterUtf8), aLongNameOfAParameterUtf8.length, frame.bytes(anotherLongNameOfAParameterUtf8), anotherLongNameOfAParameterUtf8.length);
            return Callbacks.giveChooseResult(given);
        }
    }

    /** What {@code each} calls back. */
    @FunctionalInterface
    public interface EachEach<X extends Exception> {
        /** One call. What it throws, the call of the library throws. */
        int call(long a0) throws X;
    }

    /** What {@code nested} calls back. */
    @FunctionalInterface
    public interface NestedCall<X extends Exception> {
        /** One call. What it throws, the call of the library throws. */
        MemorySegment call(MemorySegment a0, MemorySegment a1) throws X;
    }

    /** What {@code findConst} calls back. */
    @FunctionalInterface
    public interface FindConstEach<X extends Exception> {
        /** One call. What it throws, the call of the library throws. */
        int call(long a0) throws X;
    }

    /** What {@code nested} gives: a function of the library's. */
    @FunctionalInterface
    public interface NestedResult {
        /** One call. */
        int call(long a0, MemorySegment a1);
    }

    /** What {@code choose} gives: a function of the library's. */
    @FunctionalInterface
    public interface ChooseResult {
        /** One call. */
        int call(long a0, MemorySegment a1);
    }
}
