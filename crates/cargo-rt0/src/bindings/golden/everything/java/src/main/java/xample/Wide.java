// Written by cargo rt0 bindings.
package xample;

/**
 * Some values.
 */
public enum Wide {
    /** X_WIDE_LEAST. */
    LEAST(-9223372036854775808L),
    /** X_WIDE_MINUS. */
    MINUS(-2L),
    /** X_WIDE_MOST. */
    MOST(9223372036854775807L);

    private static final Wide[] all = values();
    private final long value;

    Wide(long value) {
        this.value = value;
    }

    /** The number. */
    public long value() {
        return value;
    }

    static Wide of(long value) {
        for (Wide one : all) {
            if (one.value == value) {
                return one;
            }
        }
        throw new IllegalArgumentException(value + " is not a Wide");
    }
}
