// Written by cargo rt0 bindings.
package xample;

/**
 * Some values.
 */
public enum Signed {
    /** X_SIGNED_LEAST. */
    LEAST(-2147483648),
    /** X_SIGNED_NONE. */
    NONE(-1);

    private static final Signed[] all = values();
    private final int value;

    Signed(int value) {
        this.value = value;
    }

    /** The number. */
    public int value() {
        return value;
    }

    static Signed of(int value) {
        for (Signed one : all) {
            if (one.value == value) {
                return one;
            }
        }
        throw new IllegalArgumentException(value + " is not a Signed");
    }
}
