// Written by cargo rt0 bindings.
package xample;

import static java.lang.foreign.ValueLayout.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Memory for one call: its arguments, and places for its results. Each thread has a block, of which a call takes what
 * it needs and gives it back; a call inside a callback takes what comes after. What is larger is allocated.
 */
final class Frame implements AutoCloseable, SegmentAllocator {
    private static final int SIZE = 4096;

    private static final ThreadLocal<Block> HERE = ThreadLocal.withInitial(Block::new);

    /** For virtual threads, of which there can be millions. */
    private static final ConcurrentLinkedDeque<Block> FREE = new ConcurrentLinkedDeque<>();

    private static final class Block {
        final MemorySegment memory = Arena.ofAuto().allocate(SIZE, 16);
        final long start = memory.address();
        int used;
    }

    private final boolean shared;
    private final Block block;
    private final int mark;
    private Arena more;

    private Frame() {
        shared = Thread.currentThread().isVirtual();
        Block free = shared ? FREE.poll() : HERE.get();
        block = free == null ? new Block() : free;
        mark = block.used;
    }

    /** For a call that can fail. */
    static Frame open() throws XampleException {
        if (Library.REFUSED != null) {
            throw Library.refused();
        }
        if (Library.ended) {
            throw Library.ended();
        }
        return new Frame();
    }

    /** For one that can't. */
    static Frame always() {
        return new Frame();
    }

    @Override
    public void close() {
        block.used = mark;
        if (more != null) {
            more.close();
        }
        if (shared) {
            FREE.push(block);
        }
    }

    private Arena more() {
        if (more == null) {
            more = Arena.ofConfined();
        }
        return more;
    }

    /** A place for so many bytes, whose alignment suits every type. */
    long place(long size) {
        long next = block.used + ((size + 7) & -8);
        if (next > SIZE) {
            return more().allocate(size, 8).address();
        }
        long at = block.start + block.used;
        block.used = (int) next;
        return at;
    }

    /** The place for an error's text. */
    long err() {
        long at = place(8);
        Memory.put64(at, 0);
        return at;
    }

    /** For a struct that a function gives. */
    @Override
    public MemorySegment allocate(long size, long alignment) {
        return Memory.at(place(size), size);
    }

    /** A copy, or null's address for null. */
    long bytes(byte[] values) {
        if (values == null) {
            return 0;
        }
        if (values.length > SIZE / 4) {
            return more().allocateFrom(JAVA_BYTE, values).address();
        }
        long at = place(values.length * 1L);
        MemorySegment.copy(values, 0, Memory.ALL, JAVA_BYTE, at, values.length);
        return at;
    }

    /** A copy, or null's address for null. */
    long shorts(short[] values) {
        if (values == null) {
            return 0;
        }
        if (values.length > SIZE / 8) {
            return more().allocateFrom(JAVA_SHORT, values).address();
        }
        long at = place(values.length * 2L);
        MemorySegment.copy(values, 0, Memory.ALL, JAVA_SHORT, at, values.length);
        return at;
    }

    /** A copy, or null's address for null. */
    long ints(int[] values) {
        if (values == null) {
            return 0;
        }
        if (values.length > SIZE / 16) {
            return more().allocateFrom(JAVA_INT, values).address();
        }
        long at = place(values.length * 4L);
        MemorySegment.copy(values, 0, Memory.ALL, JAVA_INT, at, values.length);
        return at;
    }

    /** A copy, or null's address for null. */
    long longs(long[] values) {
        if (values == null) {
            return 0;
        }
        if (values.length > SIZE / 32) {
            return more().allocateFrom(JAVA_LONG, values).address();
        }
        long at = place(values.length * 8L);
        MemorySegment.copy(values, 0, Memory.ALL, JAVA_LONG, at, values.length);
        return at;
    }

    /** A copy, or null's address for null. */
    long floats(float[] values) {
        if (values == null) {
            return 0;
        }
        if (values.length > SIZE / 16) {
            return more().allocateFrom(JAVA_FLOAT, values).address();
        }
        long at = place(values.length * 4L);
        MemorySegment.copy(values, 0, Memory.ALL, JAVA_FLOAT, at, values.length);
        return at;
    }

    /** A copy, or null's address for null. */
    long doubles(double[] values) {
        if (values == null) {
            return 0;
        }
        if (values.length > SIZE / 32) {
            return more().allocateFrom(JAVA_DOUBLE, values).address();
        }
        long at = place(values.length * 8L);
        MemorySegment.copy(values, 0, Memory.ALL, JAVA_DOUBLE, at, values.length);
        return at;
    }

    long booleans(boolean[] values) {
        if (values == null) {
            return 0;
        }
        long at = place(values.length);
        for (int i = 0; i < values.length; i++) {
            Memory.put8(at + i, (byte) (values[i] ? 1 : 0));
        }
        return at;
    }

    /** How an element is put to an address. */
    interface Writer<T> {
        void write(long at, T value);
    }

    <T> long list(List<T> values, long size, Writer<T> writer) {
        if (values == null) {
            return 0;
        }
        long start = place(values.size() * size);
        long at = start;
        for (T value : values) {
            writer.write(at, value);
            at += size;
        }
        return start;
    }

    /** Where a segment's elements are: a native one's where they are, another's as a copy. */
    long reading(MemorySegment segment, long size, String what) {
        if (!segment.isNative()) {
            long at = place(segment.byteSize());
            MemorySegment.copy(segment, 0, Memory.ALL, at, segment.byteSize());
            return at;
        }
        if (!segment.scope().isAlive() || !segment.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalStateException(what + ": the segment is closed, or is another thread's");
        }
        if (segment.address() % size != 0) {
            throw new IllegalArgumentException(what + ": the segment is not aligned for its elements");
        }
        // Nothing is somewhere, too: no address is what a missing one has.
        return segment.address() == 0 ? place(0) : segment.address();
    }

    long writing(MemorySegment segment, long size, String what) {
        if (segment.isReadOnly()) {
            throw new IllegalArgumentException(what + ": the call changes it, and this segment can't be written to");
        }
        return reading(segment, size, what);
    }
}
