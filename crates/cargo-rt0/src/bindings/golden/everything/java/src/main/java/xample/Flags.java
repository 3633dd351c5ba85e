// Written by cargo rt0 bindings.
package xample;

/**
 * Some values.
 */
public enum Flags {
    /** X_FLAGS_TOP. */
    TOP(2147483648L);

    private static final Flags[] all = values();
    private final long value;

    Flags(long value) {
        this.value = value;
    }

    /** The number. */
    public long value() {
        return value;
    }

    static Flags of(long value) {
        for (Flags one : all) {
            if (one.value == value) {
                return one;
            }
        }
        throw new IllegalArgumentException(value + " is not a Flags");
    }
}
