// What a call through the generated bindings costs, against the same call by Java's foreign-function interface, written
// by hand with the same check of the error.
//
//     cargo rt0 build --release -p conform --out build
//     cargo rt0 bindings build/libconform.so --lang java --out build
//     javac --release 22 -d build/classes $(find build/java/src bench/bindings/java -name '*.java')
//     export CONFORM_LIBRARY=$PWD/build/libconform.so
//     java --enable-native-access=ALL-UNNAMED -cp build/classes Cost
//
// Both are measured in turns, in one process; the figure is the median of the ratios of the rounds. The last rows are
// for decisions: what it would save if the collector waited for a call (`critical`), so that nothing were copied.

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import conform.Conform;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

@SuppressWarnings({"restricted", "serial"})
public final class Cost {
    private static final int ROUNDS = 41;
    private static final String TEXT = "a text of some words";
    private static final byte[] LARGE = new byte[1_000_000];
    private static final MemorySegment NATIVE = Arena.global().allocate(LARGE.length);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY =
            SymbolLookup.libraryLookup(Path.of(System.getenv("CONFORM_LIBRARY")), Arena.global());

    private static final MethodHandle ADD = handle("add", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle U64 = handle("u64_same", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle F64 = handle("f64_same", JAVA_INT, JAVA_DOUBLE, ADDRESS, ADDRESS);
    private static final MethodHandle TEXT_IN = handle("text_maybe", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle TEXT_OUT =
            handle("text_own", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle U8_LAST =
            handle("u8_last", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle EACH =
            handle("each", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle FREE = handle("free", JAVA_INT, ADDRESS);
    private static final MethodHandle CRITICAL =
            LINKER.downcallHandle(
                    LIBRARY.find("conform_u8_last").orElseThrow(),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS),
                    Linker.Option.critical(true));

    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(
                LIBRARY.find("conform_" + name).orElseThrow(), FunctionDescriptor.of(result, parameters));
    }

    private static final class Failed extends Exception {
        Failed(int code, String text) {
            super(code + " " + text);
        }
    }

    private static void check(int code, MemorySegment err) throws Throwable {
        if (code != 0) {
            MemorySegment text = err.get(ADDRESS, 0);
            String said = text.reinterpret(Long.MAX_VALUE).getString(0);
            int freed = (int) FREE.invokeExact(text);
            throw new Failed(code, said);
        }
    }

    private static long add(int one, int other) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment err = arena.allocate(ADDRESS);
            check((int) ADD.invokeExact(one, other, out, err), err);
            return out.get(JAVA_LONG, 0);
        }
    }

    private static long u64(long value) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment err = arena.allocate(ADDRESS);
            check((int) U64.invokeExact(value, out, err), err);
            return out.get(JAVA_LONG, 0);
        }
    }

    private static double f64(double value) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_DOUBLE);
            MemorySegment err = arena.allocate(ADDRESS);
            check((int) F64.invokeExact(value, out, err), err);
            return out.get(JAVA_DOUBLE, 0);
        }
    }

    private static final MemorySegment OUT = Arena.global().allocate(16);
    private static final MemorySegment ERR = Arena.global().allocate(8);

    /** What nobody writes by hand, because it is for one thread: without memory for each call. */
    private static long u64InOnePlace(long value) throws Throwable {
        check((int) U64.invokeExact(value, OUT, ERR), ERR);
        return OUT.get(JAVA_LONG, 0);
    }

    private static long textIn(String value) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(value);
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment err = arena.allocate(ADDRESS);
            check((int) TEXT_IN.invokeExact(text, text.byteSize() - 1, out, err), err);
            return out.get(JAVA_LONG, 0);
        }
    }

    private static String text(String value) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(value);
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment length = arena.allocate(JAVA_LONG);
            MemorySegment err = arena.allocate(ADDRESS);
            check((int) TEXT_OUT.invokeExact(text, text.byteSize() - 1, out, length, err), err);
            MemorySegment owned = out.get(ADDRESS, 0);
            byte[] bytes = owned.reinterpret(length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
            int freed = (int) FREE.invokeExact(owned);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static int bytes(byte[] values) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(JAVA_BYTE, values);
            MemorySegment out = arena.allocate(JAVA_BYTE);
            MemorySegment some = arena.allocate(JAVA_BOOLEAN);
            MemorySegment err = arena.allocate(ADDRESS);
            check((int) U8_LAST.invokeExact(from, from.byteSize(), out, some, err), err);
            return some.get(JAVA_BOOLEAN, 0) ? Byte.toUnsignedInt(out.get(JAVA_BYTE, 0)) : -1;
        }
    }

    private static int critical(byte[] values) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = MemorySegment.ofArray(values);
            MemorySegment out = arena.allocate(JAVA_BYTE);
            MemorySegment some = arena.allocate(JAVA_BOOLEAN);
            MemorySegment err = arena.allocate(ADDRESS);
            check((int) CRITICAL.invokeExact(from, from.byteSize(), out, some, err), err);
            return some.get(JAVA_BOOLEAN, 0) ? Byte.toUnsignedInt(out.get(JAVA_BYTE, 0)) : -1;
        }
    }

    /** By hand, a callback is a stub for one function, made once. */
    @SuppressWarnings("unused")
    private static long next(int number, MemorySegment user) {
        return number + 1L;
    }

    private static final MemorySegment NEXT;

    static {
        try {
            MethodHandle next =
                    MethodHandles.lookup()
                            .findStatic(
                                    Cost.class,
                                    "next",
                                    MethodType.methodType(long.class, int.class, MemorySegment.class));
            NEXT =
                    LINKER.upcallStub(
                            next, FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS), Arena.global());
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static long each(int count) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment err = arena.allocate(ADDRESS);
            check((int) EACH.invokeExact(count, NEXT, MemorySegment.NULL, out, err), err);
            return out.get(JAVA_LONG, 0);
        }
    }

    private interface Work {
        Object once() throws Throwable;
    }

    private static double timed(Work work, int calls) throws Throwable {
        long begun = System.nanoTime();
        Object last = null;
        for (int i = 0; i < calls; i++) {
            last = work.once();
        }
        if (last == null) {
            throw new AssertionError("nothing was given");
        }
        return (double) (System.nanoTime() - begun) / calls;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static boolean missed;

    private static void row(String name, double target, int calls, Work hand, Work bindings) throws Throwable {
        if (!hand.once().equals(bindings.once())) {
            throw new AssertionError(name);
        }
        for (int i = 0; i < 10; i++) {
            timed(hand, calls);
            timed(bindings, calls);
        }
        double[] one = new double[ROUNDS];
        double[] other = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            one[i] = timed(hand, calls);
            other[i] = timed(bindings, calls);
            ratios[i] = other[i] / one[i];
        }
        double ratio = median(ratios);
        System.out.printf("%-34s%10.0f ns%10.0f ns%7.2f%8s%n", name, median(one), median(other), ratio,
                target == 0 ? "" : target);
        missed |= target != 0 && ratio > target;
    }

    public static void main(String[] args) throws Throwable {
        System.out.printf("%-34s%13s%13s%7s%8s%n", "", "by hand", "bindings", "ratio", "target");
        row("two numbers", 1.3, 20_000, () -> add(2, 3), () -> Conform.add(2, 3));
        row("a u64", 1.3, 20_000, () -> u64(5), () -> Conform.u64Same(5));
        row("an f64", 1.3, 20_000, () -> f64(0.5), () -> Conform.f64Same(0.5));
        row("a text in", 1.5, 20_000, () -> textIn(TEXT), () -> Conform.textMaybe(TEXT));
        row("a text in and one out", 1.5, 20_000, () -> text(TEXT), () -> Conform.textOwn(TEXT));
        row("1 MB of bytes in", 1.5, 1_000, () -> bytes(LARGE), () -> Conform.u8Last(LARGE).orElseThrow());
        row("a callback, 100 times", 0, 1_000, () -> each(100), () -> Conform.each(100, number -> number + 1));
        row("a u64, by hand in one place", 0, 20_000, () -> u64InOnePlace(5), () -> Conform.u64Same(5));
        row("1 MB of bytes, critical", 0, 1_000, () -> critical(LARGE), () -> Conform.u8Last(LARGE).orElseThrow());
        row("1 MB of bytes, native", 0, 20_000, () -> critical(LARGE), () -> Conform.u8Last(NATIVE).orElseThrow());
        System.exit(missed ? 1 : 0);
    }
}
