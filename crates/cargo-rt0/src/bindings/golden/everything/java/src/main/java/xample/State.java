// Written by cargo rt0 bindings.
package xample;

/** What the library is doing. */
public enum State {
    /** nothing has been started */
    COLD(0),
    /** a thread is on its way to start the library */
    SCHEDULED(1),
    /** the library is starting */
    BOOTING(2),
    /** calls go through */
    READY(3),
    /** the start-up failed */
    FAILED(4),
    /** a shutdown is under way */
    STOPPING(5),
    /** a start-up that failed is being cleared away for the next */
    RETRYING(6);

    private static final State[] all = values();
    private final int value;

    State(int value) {
        this.value = value;
    }

    /** The number. */
    public int value() {
        return value;
    }

    static State of(int value) {
        for (State one : all) {
            if (one.value == value) {
                return one;
            }
        }
        throw new IllegalArgumentException(value + " is not a State");
    }
}
