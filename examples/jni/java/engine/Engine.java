package engine;

import java.util.concurrent.CompletableFuture;

/** A store of texts that are forgotten after a while. Its threads run as soon as the class is there. */
public final class Engine {
    static {
        NativeLibrary.load("engine_jni");
    }

    /** Is told what happens, on one of the engine's threads. */
    public interface Watcher {
        /** The text with this key was {@code put} into the store, or has {@code expired}. */
        void event(String key, String happened);
    }

    private Engine() {
    }

    /** Puts a text into the store, and says how many there are. */
    public static native int put(String key, String text);

    /** The text with this key, or null. */
    public static native String get(String key);

    /** The text with this key, as soon as there is one. No thread waits meanwhile. */
    public static native CompletableFuture<String> waitFor(String key);

    /** The text with this key, as soon as there is one. The caller waits for it, at most this long. */
    public static native String waitForAtMost(String key, long millis);

    /** Has this watcher told of every event from now on. */
    public static native void watch(Watcher watcher);
}
