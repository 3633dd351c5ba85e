// Written by cargo rt0 bindings.
package xample;

/**
 * Some values.
 */
public enum Huge {
    /** X_HUGE_MOST. */
    MOST(-1L),
    /** X_HUGE_ONE. */
    ONE(1L);

    private static final Huge[] all = values();
    private final long value;

    Huge(long value) {
        this.value = value;
    }

    /** The number. */
    public long value() {
        return value;
    }

    static Huge of(long value) {
        for (Huge one : all) {
            if (one.value == value) {
                return one;
            }
        }
        throw new IllegalArgumentException(value + " is not a Huge");
    }
}
