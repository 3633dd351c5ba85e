// Written by cargo rt0 bindings.
package xample;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A struct.
 * With two lines.
 *
 * @param first The field first.
 * @param next The field next.
 */
public record Page(Hit first, MemorySegment next) {
    /** Refuses a value that does not fit. */
    public Page {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(next, "next");
    }
}
