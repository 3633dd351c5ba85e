// Written by cargo rt0 bindings.
package xample;

/**
 * Some values.
 */
public enum Empty {
    ;

    private static final Empty[] all = values();
    private final int value;

    Empty(int value) {
        this.value = value;
    }

    /** The number. */
    public int value() {
        return value;
    }

    static Empty of(int value) {
        for (Empty one : all) {
            if (one.value == value) {
                return one;
            }
        }
        throw new IllegalArgumentException(value + " is not a Empty");
    }
}
