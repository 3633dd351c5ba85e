// Written by cargo rt0 bindings.
package xample;

import static java.lang.foreign.ValueLayout.*;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Finds and loads the library, and ends it. */
@SuppressWarnings("restricted")
final class Library {
    private static final int ABI = 2;
    private static final String VARIABLE = "X_LIBRARY";
    private static final int STOPPED = -7;

    static final Linker LINKER = Linker.nativeLinker();

    /** Why it can't be used; null if it can. */
    static final String REFUSED;

    private static final SymbolLookup SYMBOLS;

    /** Whether the virtual machine has ended for the library: nothing calls it any more. */
    static volatile boolean ended;

    static {
        SymbolLookup symbols = null;
        String refused = null;
        try {
            Found found = load();
            check(found);
            symbols = found.symbols;
            Thread end = new Thread(Library::end, "xample shutdown");
            try {
                Runtime.getRuntime().addShutdownHook(end);
            } catch (IllegalStateException already) {
                // The virtual machine ends.
                ended = true;
            }
        } catch (UnsatisfiedLinkError error) {
            refused = error.getMessage();
        }
        SYMBOLS = symbols;
        REFUSED = refused;
    }

    private Library() {}

    /** A library, and what to call it. */
    private record Found(String name, SymbolLookup symbols) {}

    static UnsatisfiedLinkError refused() {
        return new UnsatisfiedLinkError(REFUSED);
    }

    private static UnsatisfiedLinkError error(String text) {
        return new UnsatisfiedLinkError("xample: " + text);
    }

    /** In the package, beside it, where the variable says, then as the system does. */
    private static Found load() {
        if (ADDRESS.byteSize() != 8) {
            throw error("this virtual machine's addresses do not have 64 bits");
        }
        String file = System.mapLibraryName("xample");
        List<String> names = List.of("libxample.so", file);
        for (String name : names) {
            Path inside = inside(name);
            if (inside != null) {
                return open(inside, "the library inside the package");
            }
        }
        Path folder = folder();
        for (String name : names) {
            Path beside = folder == null ? null : folder.resolve(name);
            if (beside != null && Files.exists(beside)) {
                return open(beside, "the library beside the package");
            }
        }
        String path = System.getenv(VARIABLE);
        if (path != null && !path.isEmpty()) {
            return open(Path.of(path), "the library that " + VARIABLE + " names");
        }
        try {
            return new Found(file, SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (IllegalArgumentException none) {
            throw error(
                    "there is no " + file + " in the package or in " + folder + ", " + VARIABLE
                            + " is not set, and the system says: " + why(file, none) + ". Set " + VARIABLE
                            + " to the library's file, or put the file there.");
        }
    }

    private static Found open(Path path, String what) {
        try {
            return new Found(path.toString(), SymbolLookup.libraryLookup(path, Arena.global()));
        } catch (IllegalArgumentException none) {
            throw error(what + " can't be loaded: " + why(path.toString(), none));
        }
    }

    /** What the system's loader says of a library that can't be loaded; Java does not tell. */
    private static String why(String name, Exception otherwise) {
        SymbolLookup system = LINKER.defaultLookup();
        MemorySegment open = system.find("dlopen").orElse(null);
        MemorySegment error = system.find("dlerror").orElse(null);
        if (open == null || error == null) {
            return otherwise.getMessage();
        }
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle dlopen = LINKER.downcallHandle(open, FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
            MethodHandle dlerror = LINKER.downcallHandle(error, FunctionDescriptor.of(JAVA_LONG));
            long opened = (long) dlopen.invokeExact(arena.allocateFrom(name), 1);
            long text = (long) dlerror.invokeExact();
            return opened == 0 && text != 0 ? Memory.string(text) : otherwise.getMessage();
        } catch (Throwable other) {
            return otherwise.getMessage();
        }
    }

    /** The library's file among the package's resources, for this system and processor. */
    private static Path inside(String name) {
        String resource = system() + "-" + processor() + "/" + name;
        var url = Library.class.getResource(resource);
        if (url == null) {
            return null;
        }
        try {
            if (url.getProtocol().equals("file")) {
                return Path.of(url.toURI());
            }
            Path copy = Files.createTempDirectory("xample-").resolve(name);
            try (InputStream from = url.openStream()) {
                Files.copy(from, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            // In this order: what was noted last is deleted first.
            copy.getParent().toFile().deleteOnExit();
            copy.toFile().deleteOnExit();
            return copy;
        } catch (IOException | URISyntaxException failed) {
            throw error(
                    "the library inside the package can't be unpacked into " + System.getProperty("java.io.tmpdir")
                            + ": " + failed + ". Choose another folder with -Djava.io.tmpdir.");
        }
    }

    /** The folder that the package's file is in. */
    private static Path folder() {
        try {
            var source = Library.class.getProtectionDomain().getCodeSource();
            return source == null ? null : Path.of(source.getLocation().toURI()).getParent();
        } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException none) {
            return null;
        }
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "macos" : "linux";
    }

    private static String processor() {
        String arch = System.getProperty("os.arch");
        return arch.equals("amd64") ? "x86_64" : arch;
    }

    /** A library of another ABI is refused before anything of it is called. */
    private static void check(Found found) {
        MemorySegment version =
                found.symbols
                        .find("x_abi_version")
                        .orElseThrow(
                                () -> error(
                                        found.name + " is another library: it has no x_abi_version"));
        int abi;
        try {
            abi = (int) LINKER.downcallHandle(version, FunctionDescriptor.of(JAVA_INT)).invokeExact();
        } catch (Throwable failed) {
            throw new AssertionError(failed);
        }
        if (abi != ABI) {
            throw error(
                    found.name + " has ABI version " + Integer.toUnsignedString(abi) + ", and these bindings are for "
                            + ABI + ": write them again from that file, with cargo rt0 bindings");
        }
        for (String symbol : Native.SYMBOLS) {
            if (found.symbols.find(symbol).isEmpty()) {
                throw error(
                        found.name + " has no " + symbol + ": it is another version than these bindings are for."
                                + " Write them again from that file, with cargo rt0 bindings");
            }
        }
    }

    /** A function of the library's. */
    static MethodHandle handle(String symbol, FunctionDescriptor descriptor) {
        if (REFUSED != null) {
            throw refused();
        }
        return LINKER.downcallHandle(SYMBOLS.find(symbol).orElseThrow(), descriptor);
    }

    static void check(int code) throws XampleException {
        if (code != 0) {
            throw XampleException.of(code);
        }
    }

    /** What a call gives when the virtual machine ends. */
    static XampleException ended() {
        return XampleException.of(STOPPED, "the virtual machine ends, and the library was shut down");
    }

    /** A time as the library takes it, rounded up: a short wait is not a question. */
    static int milliseconds(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a time can't be " + time);
        }
        if (time.getSeconds() > Integer.MAX_VALUE / 1000 - 1) {
            return Integer.MAX_VALUE;
        }
        return (int) time.plusNanos(999_999).toMillis();
    }

    static void shutdown(int timeout) throws XampleException {
        long number = Callbacks.shutdownBegins();
        check(Native.x_shutdown(timeout));
        Callbacks.forget(number);
    }

    /**
     * The virtual machine ends before the process does: a thread that called back after that would never come back,
     * and the process would wait for it.
     */
    private static void end() {
        ended = true;
        Native.x_shutdown(10_000);
    }
}
