// Written by cargo rt0 bindings.
package xample;

import static java.lang.foreign.ValueLayout.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Memory by addresses: values in places, and what the library gives, which is freed. */
@SuppressWarnings("restricted")
final class Memory {
    private Memory() {}

    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static boolean bool(long at) {
        return ALL.get(JAVA_BYTE, at) != 0;
    }

    static byte i8(long at) {
        return ALL.get(JAVA_BYTE, at);
    }

    static int u8(long at) {
        return Byte.toUnsignedInt(ALL.get(JAVA_BYTE, at));
    }

    static short i16(long at) {
        return ALL.get(JAVA_SHORT, at);
    }

    static int u16(long at) {
        return Short.toUnsignedInt(ALL.get(JAVA_SHORT, at));
    }

    static int i32(long at) {
        return ALL.get(JAVA_INT, at);
    }

    static long u32(long at) {
        return Integer.toUnsignedLong(ALL.get(JAVA_INT, at));
    }

    static long i64(long at) {
        return ALL.get(JAVA_LONG, at);
    }

    static float f32(long at) {
        return ALL.get(JAVA_FLOAT, at);
    }

    static double f64(long at) {
        return ALL.get(JAVA_DOUBLE, at);
    }

    static MemorySegment pointer(long at) {
        return MemorySegment.ofAddress(i64(at));
    }

    static void put8(long at, byte value) {
        ALL.set(JAVA_BYTE, at, value);
    }

    static void put16(long at, short value) {
        ALL.set(JAVA_SHORT, at, value);
    }

    static void put32(long at, int value) {
        ALL.set(JAVA_INT, at, value);
    }

    static void put64(long at, long value) {
        ALL.set(JAVA_LONG, at, value);
    }

    static void putF32(long at, float value) {
        ALL.set(JAVA_FLOAT, at, value);
    }

    static void putF64(long at, double value) {
        ALL.set(JAVA_DOUBLE, at, value);
    }

    /** The address of memory that C can use. */
    static long address(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("an address must be a native segment's, not an array's");
        }
        return segment.address();
    }

    static MemorySegment at(long at, long size) {
        return MemorySegment.ofAddress(at).reinterpret(size);
    }

    /** What puts a value to an address. */
    interface Put {
        void at(long at);
    }

    /** A struct that C takes by its value. */
    static MemorySegment struct(long size, Put put) {
        MemorySegment memory = Arena.ofAuto().allocate(size, 8);
        put.at(memory.address());
        return memory;
    }

    /** A text in UTF-8. Half of a surrogate pair, in whose place Java would put a question mark, is refused. */
    static byte[] utf8(String text, String what) {
        int length = Objects.requireNonNull(text, what).length();
        for (int at = 0; at < length; at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                int next = at + 1;
                if (next == length || !Character.isSurrogatePair(text.charAt(at), text.charAt(next))) {
                    throw new IllegalArgumentException(
                            what + ": the character at " + at + " is half of a pair (a surrogate), which UTF-8 does not"
                                    + " have");
                }
                at = next;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The elements of a list as they are now. */
    static <T> List<T> copied(List<T> values, String what) {
        List<T> copy = new ArrayList<>(Objects.requireNonNull(values, what));
        for (T one : copy) {
            Objects.requireNonNull(one, () -> what + ": an element is null");
        }
        return copy;
    }

    /** The same of a list that the call changes. One that can't be changed is refused before the call. */
    static <T> List<T> changed(List<T> values, String what) {
        List<T> copy = copied(values, what);
        try {
            if (!copy.isEmpty()) {
                values.set(0, copy.get(0));
            }
        } catch (RuntimeException fixed) {
            throw new IllegalArgumentException(what + ": the call changes it, and this list can't be changed", fixed);
        }
        return copy;
    }

    /** How many elements a segment has. */
    static long count(MemorySegment segment, long size, String what) {
        Objects.requireNonNull(segment, what);
        if (segment.byteSize() % size != 0) {
            throw new IllegalArgumentException(
                    what + ": " + segment.byteSize() + " bytes are no elements of " + size + " bytes");
        }
        return segment.byteSize() / size;
    }

    /** A text that ends with a zero. */
    static String string(long at) {
        return MemorySegment.ofAddress(at).reinterpret(Long.MAX_VALUE).getString(0);
    }

    static String takeString(long at) {
        try {
            return string(at);
        } finally {
            Native.x_free(at);
        }
    }

    static String takeText(long out, long len) {
        return new String(takeBytes(out, len), StandardCharsets.UTF_8);
    }

    static byte[] takeBytes(long out, long len) {
        long at = i64(out);
        try {
            byte[] values = new byte[Math.toIntExact(i64(len))];
            if (values.length > 0) {
                MemorySegment.copy(ALL, JAVA_BYTE, at, values, 0, values.length);
            }
            return values;
        } finally {
            Native.x_free(at);
        }
    }

    static void back(long at, byte[] values) {
        if (values != null) {
            MemorySegment.copy(ALL, JAVA_BYTE, at, values, 0, values.length);
        }
    }

    static short[] takeShorts(long out, long len) {
        long at = i64(out);
        try {
            short[] values = new short[Math.toIntExact(i64(len))];
            if (values.length > 0) {
                MemorySegment.copy(ALL, JAVA_SHORT, at, values, 0, values.length);
            }
            return values;
        } finally {
            Native.x_free(at);
        }
    }

    static void back(long at, short[] values) {
        if (values != null) {
            MemorySegment.copy(ALL, JAVA_SHORT, at, values, 0, values.length);
        }
    }

    static int[] takeInts(long out, long len) {
        long at = i64(out);
        try {
            int[] values = new int[Math.toIntExact(i64(len))];
            if (values.length > 0) {
                MemorySegment.copy(ALL, JAVA_INT, at, values, 0, values.length);
            }
            return values;
        } finally {
            Native.x_free(at);
        }
    }

    static void back(long at, int[] values) {
        if (values != null) {
            MemorySegment.copy(ALL, JAVA_INT, at, values, 0, values.length);
        }
    }

    static long[] takeLongs(long out, long len) {
        long at = i64(out);
        try {
            long[] values = new long[Math.toIntExact(i64(len))];
            if (values.length > 0) {
                MemorySegment.copy(ALL, JAVA_LONG, at, values, 0, values.length);
            }
            return values;
        } finally {
            Native.x_free(at);
        }
    }

    static void back(long at, long[] values) {
        if (values != null) {
            MemorySegment.copy(ALL, JAVA_LONG, at, values, 0, values.length);
        }
    }

    static float[] takeFloats(long out, long len) {
        long at = i64(out);
        try {
            float[] values = new float[Math.toIntExact(i64(len))];
            if (values.length > 0) {
                MemorySegment.copy(ALL, JAVA_FLOAT, at, values, 0, values.length);
            }
            return values;
        } finally {
            Native.x_free(at);
        }
    }

    static void back(long at, float[] values) {
        if (values != null) {
            MemorySegment.copy(ALL, JAVA_FLOAT, at, values, 0, values.length);
        }
    }

    static double[] takeDoubles(long out, long len) {
        long at = i64(out);
        try {
            double[] values = new double[Math.toIntExact(i64(len))];
            if (values.length > 0) {
                MemorySegment.copy(ALL, JAVA_DOUBLE, at, values, 0, values.length);
            }
            return values;
        } finally {
            Native.x_free(at);
        }
    }

    static void back(long at, double[] values) {
        if (values != null) {
            MemorySegment.copy(ALL, JAVA_DOUBLE, at, values, 0, values.length);
        }
    }

    static boolean[] takeBooleans(long out, long len) {
        byte[] bytes = takeBytes(out, len);
        boolean[] values = new boolean[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes[i] != 0;
        }
        return values;
    }

    static void back(long at, boolean[] values) {
        if (values != null) {
            for (int i = 0; i < values.length; i++) {
                values[i] = bool(at + i);
            }
        }
    }

    /** What was copied for a call goes back. */
    static void back(long at, MemorySegment segment) {
        if (!segment.isNative()) {
            MemorySegment.copy(ALL, at, segment, 0, segment.byteSize());
        }
    }

    /** How an element is read from an address. */
    interface Reader<T> {
        T read(long at);
    }

    static <T> List<T> takeList(long out, long len, long size, Reader<T> reader) {
        long start = i64(out);
        try {
            int length = Math.toIntExact(i64(len));
            List<T> values = new ArrayList<>(length);
            for (int i = 0; i < length; i++) {
                values.add(reader.read(start + i * size));
            }
            return Collections.unmodifiableList(values);
        } finally {
            Native.x_free(start);
        }
    }

    /** As many as were copied there: another thread may have changed the list meanwhile. */
    static <T> void back(long at, List<T> values, List<T> copied, long size, Reader<T> reader) {
        if (values != null) {
            for (int i = 0; i < copied.size(); i++) {
                values.set(i, reader.read(at + i * size));
            }
        }
    }
}
