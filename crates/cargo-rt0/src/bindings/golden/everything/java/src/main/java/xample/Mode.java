// Written by cargo rt0 bindings.
package xample;

/**
 * Some values.
 */
public enum Mode {
    /** X_MODE_EXACT. */
    EXACT(1),
    /** X_MODE_FUZZY. */
    FUZZY(2);

    private static final Mode[] all = values();
    private final int value;

    Mode(int value) {
        this.value = value;
    }

    /** The number. */
    public int value() {
        return value;
    }

    static Mode of(int value) {
        for (Mode one : all) {
            if (one.value == value) {
                return one;
            }
        }
        throw new IllegalArgumentException(value + " is not a Mode");
    }
}
