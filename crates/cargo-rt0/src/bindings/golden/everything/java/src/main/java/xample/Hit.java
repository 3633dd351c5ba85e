// Written by cargo rt0 bindings.
package xample;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A struct.
 * With two lines.
 *
 * @param class_ The field class.
 * @param mode The field mode.
 * @param each The field each.
 * @param name The field name.
 * @param type The field r#type.
 */
public record Hit(float class_, Mode mode, MemorySegment each, MemorySegment name, boolean type) {
    /** Refuses a value that does not fit. */
    public Hit {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(each, "each");
        Objects.requireNonNull(name, "name");
    }
}
