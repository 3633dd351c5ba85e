package engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Finds the native library: in the jar with this class, or else in {@code java.library.path}. */
final class NativeLibrary {
    private NativeLibrary() {
    }

    static void load(String name) {
        String file = System.mapLibraryName(name);
        String resource = "/native/" + System.getProperty("os.arch") + "/" + file;
        try (InputStream packed = NativeLibrary.class.getResourceAsStream(resource)) {
            if (packed == null) {
                System.loadLibrary(name);
                return;
            }
            // The linker of the system loads files, and no parts of jars.
            Path folder = Files.createTempDirectory(name);
            Path unpacked = folder.resolve(file);
            // In the reverse order: the file first.
            folder.toFile().deleteOnExit();
            unpacked.toFile().deleteOnExit();
            Files.copy(packed, unpacked, StandardCopyOption.REPLACE_EXISTING);
            System.load(unpacked.toString());
        } catch (IOException error) {
            throw new UnsatisfiedLinkError("can't unpack " + resource + ": " + error
                    + "; set -Djava.io.tmpdir to a folder that can be written");
        }
    }
}
