// Written by cargo rt0 bindings.
package xample;

import static java.lang.foreign.ValueLayout.*;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** The library's structs in memory. */
final class Structs {
    private Structs() {}

    static final StructLayout LAYOUT_OF_Hit = MemoryLayout.structLayout(JAVA_FLOAT, JAVA_BYTE, MemoryLayout.paddingLayout(3), JAVA_LONG, JAVA_LONG, JAVA_BYTE, MemoryLayout.paddingLayout(7));

    static Hit readHit(long at) {
        return new Hit(
            Memory.f32(at),
            Mode.of(Memory.u8(at + 4)),
            Memory.pointer(at + 8),
            Memory.pointer(at + 16),
            Memory.bool(at + 24)
        );
    }

    static void writeHit(long at, Hit value) {
        Memory.putF32(at, value.class_());
        Memory.put8(at + 4, (byte) value.mode().value());
        Memory.put64(at + 8, Memory.address(value.each()));
        Memory.put64(at + 16, Memory.address(value.name()));
        Memory.put8(at + 24, (byte) (value.type() ? 1 : 0));
    }

    static final StructLayout LAYOUT_OF_Page = MemoryLayout.structLayout(LAYOUT_OF_Hit, JAVA_LONG);

    static Page readPage(long at) {
        return new Page(
            Structs.readHit(at),
            Memory.pointer(at + 32)
        );
    }

    static void writePage(long at, Page value) {
        Structs.writeHit(at, value.first());
        Memory.put64(at + 32, Memory.address(value.next()));
    }
}
