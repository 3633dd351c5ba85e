// Written by cargo rt0 bindings.
package xample;

/** Numbers without a sign, which have a larger type in Java. */
final class Check {
    private Check() {}

    static int u8(int value, String what) {
        if (value < 0 || value > 0xFF) {
            throw outside(value, 0xFF, what);
        }
        return value;
    }

    static char u16(int value, String what) {
        if (value < 0 || value > 0xFFFF) {
            throw outside(value, 0xFFFF, what);
        }
        return (char) value;
    }

    static int u32(long value, String what) {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw outside(value, 0xFFFF_FFFFL, what);
        }
        return (int) value;
    }

    /** An array in which a call changes its only element. */
    static void one(int length, String what) {
        if (length != 1) {
            throw new IllegalArgumentException(what + ": pass an array with one element");
        }
    }

    private static IllegalArgumentException outside(long value, long most, String what) {
        return new IllegalArgumentException(what + ": " + value + " is not between 0 and " + most);
    }
}
