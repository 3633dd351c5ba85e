import engine.Engine;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A program that uses the engine: what it does is its first argument. */
public final class Host {
    interface Action {
        Object run() throws Throwable;
    }

    public static void main(String[] args) throws Throwable {
        switch (args[0]) {
            case "calls": calls(); break;
            case "many": many(); break;
            case "starved": starved(); break;
            case "errors": errors(); break;
            case "fails": say(() -> Engine.put("a", "one")); say(() -> Engine.get("a")); break;
            case "futures": futures(); break;
            case "pending": pending(); break;
            case "watched": watched(); break;
            case "threads": threads(); break;
            case "thread": onThread(() -> Class.forName("engine.Engine")); calls(); break;
            case "twice": twice(args[1]); break;
            case "loaders": loaders(args[1]); break;
            case "exit": exit(Integer.parseInt(args[1]), Integer.parseInt(args[2])); break;
            case "exit-inside": exitInside(Integer.parseInt(args[1])); break;
            case "halt": busy(); Runtime.getRuntime().halt(Integer.parseInt(args[1])); break;
            case "hook": hook(); break;
            case "late": late(); break;
            case "early": early(); break;
            case "two": two(args[1]); break;
            case "process": process(); break;
            default: throw new IllegalArgumentException(args[0]);
        }
    }

    /** Prints what it returns, or the exception. */
    static void say(Action action) {
        try {
            System.out.println(action.run());
        } catch (Throwable thrown) {
            System.out.println(thrown);
        }
    }

    static void onThread(Action action) throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (Throwable thrown) {
                thrown.printStackTrace();
            }
        });
        thread.start();
        thread.join();
    }

    static void calls() {
        say(() -> Engine.put("a", "one"));
        say(() -> Engine.get("a"));
        say(() -> Engine.get("b"));
        say(() -> Engine.put("b", "\ud83e\udd80 \u0000 two"));
        say(() -> Engine.get("b").equals("\ud83e\udd80 \u0000 two"));
        say(() -> Engine.waitForAtMost("a", 60_000));
    }

    /** 32 threads at once. */
    static void many() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger answered = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String key = "key " + i;
            Thread calls = new Thread(() -> {
                try {
                    start.await();
                    Engine.put(key, key);
                    if (key.equals(Engine.get(key))) {
                        answered.incrementAndGet();
                    }
                } catch (Throwable thrown) {
                    thrown.printStackTrace();
                }
            });
            calls.start();
            threads.add(calls);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(answered + " of " + threads.size());
    }

    /** Beside threads that leave the engine's own no processor for a while. */
    static void starved() throws InterruptedException {
        CountDownLatch spinning = new CountDownLatch(32);
        for (int i = 0; i < 32; i++) {
            Thread spins = new Thread(() -> {
                spinning.countDown();
                while (true) {
                    Thread.onSpinWait();
                }
            });
            spins.setDaemon(true);
            spins.start();
        }
        spinning.await();
        say(() -> Engine.put("a", "one"));
    }

    static void errors() {
        say(() -> Engine.put("", "one"));
        say(() -> Engine.put(null, "one"));
        say(() -> Engine.waitForAtMost("never", 10));
        say(() -> {
            Engine.watch(null);
            return "";
        });
        say(() -> Engine.put("a", "one"));
    }

    static void futures() throws Exception {
        List<CompletableFuture<String>> all = new ArrayList<>();
        int before = new File("/proc/self/task").list().length;
        for (int i = 0; i < 100; i++) {
            all.add(Engine.waitFor("a"));
        }
        // The compiler's threads come and go.
        System.out.println(new File("/proc/self/task").list().length < before + 50);
        System.out.println(all.get(0).isDone());
        CompletableFuture<String> steps = all.get(1).thenApply(text -> text + Engine.get("a"));
        Engine.put("a", "one");
        CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).join();
        System.out.println(steps.get());
        say(() -> Engine.waitFor(null));
    }

    /** Nobody ever puts the text. */
    static void pending() {
        Engine.waitFor("never").whenComplete((text, thrown) -> {
            System.out.println(text + " " + thrown);
            System.out.flush();
        });
    }

    /** What the watcher sees of its thread; and one that throws. */
    static void watched() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        Engine.watch((key, happened) -> {
            throw new IllegalStateException("a watcher that throws");
        });
        Engine.watch((key, happened) -> {
            System.gc();
            seen.complete(key + " " + happened + " " + Engine.get(key) + " "
                    + Thread.currentThread().isDaemon());
        });
        Engine.put("a", "one");
        System.out.println(seen.get());
    }

    /** How many threads of each name the library has, when it has called back. */
    static void threads() throws Exception {
        watched();
        TreeMap<String, Integer> names = names();
        // The boot thread may be on its way out, and a worker may not have taken its own name yet.
        while (names.containsKey("engine_jni-boot")) {
            Thread.sleep(1);
            names = names();
        }
        System.out.println(names);
    }

    private static TreeMap<String, Integer> names() {
        TreeMap<String, Integer> names = new TreeMap<>();
        for (File task : new File("/proc/self/task").listFiles()) {
            String name;
            try {
                name = new String(java.nio.file.Files.readAllBytes(new File(task, "comm").toPath())).trim();
            } catch (java.io.IOException ended) {
                continue;
            }
            if (name.startsWith("engine_jni") || name.startsWith("tokio")) {
                names.merge(name.replaceAll("[0-9]+$", ""), 1, Integer::sum);
            }
        }
        return names;
    }

    static void twice(String file) {
        System.load(file);
        say(() -> Engine.put("a", "one"));
        System.load(file);
        say(() -> Engine.put("b", "two"));
    }

    /** The class in this loader, and in another that knows the same path. */
    static void loaders(String path) throws Exception {
        say(() -> Engine.put("a", "one"));
        URL[] urls = {new File(path).toURI().toURL()};
        try (URLClassLoader other = new URLClassLoader(urls, null)) {
            Class<?> engine = other.loadClass("engine.Engine");
            Object count = engine.getMethod("put", String.class, String.class).invoke(null, "b", "two");
            System.out.println("another engine: " + count + " " + Engine.get("b"));
        } catch (InvocationTargetException | LinkageError error) {
            String text = error.toString();
            System.out.println(text.replaceAll("/[^ ]*/", ""));
        }
    }

    /** Threads that call, and watchers that run all the time. Returns when they do. */
    static void busy() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(50);
        // So that no more than these are waiting to be told.
        Semaphore untold = new Semaphore(16);
        for (int i = 0; i < 2; i++) {
            Engine.watch((key, happened) -> {
                runs.countDown();
                untold.release();
                StringBuilder text = new StringBuilder(key);
                for (int j = 0; j < 2000; j++) {
                    text.append(happened, 0, 1);
                }
                if (text.length() == 0 || Engine.get("never") != null) {
                    System.err.println("wrong");
                }
            });
        }
        for (int i = 0; i < 4; i++) {
            String key = "key " + i;
            Thread calls = new Thread(() -> {
                while (true) {
                    try {
                        if (untold.tryAcquire(2, 1, TimeUnit.MILLISECONDS)) {
                            Engine.put(key, key);
                        }
                        String text = Engine.get(key);
                        if (text != null && !key.equals(text)) {
                            System.err.println("wrong");
                        }
                    } catch (IllegalStateException | InterruptedException ended) {
                        // As programs do: exceptions in a loop would take the processors from the end.
                        LockSupport.parkNanos(1_000_000);
                    }
                }
            });
            calls.setDaemon(true);
            calls.start();
        }
        runs.await();
    }

    static void exit(int code, int micros) throws InterruptedException {
        busy();
        Thread.sleep(micros / 1000, micros % 1000 * 1000);
        if (code > 0) {
            System.exit(code);
        }
    }

    static void exitInside(int code) throws InterruptedException {
        Engine.watch((key, happened) -> System.exit(code));
        Engine.put("a", "one");
        Thread.sleep(3_600_000);
    }

    /** A hook of the application's calls the engine while the engine's own runs. */
    static void hook() {
        Engine.put("a", "one");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                String text = Engine.get("a");
                System.out.println(text == null || text.equals("one") ? "answered" : text);
            } catch (IllegalStateException ended) {
                System.out.println("answered");
            }
        }));
    }

    /** A hook of the application's calls while init does not end, and so does the machine. */
    static void early() throws Exception {
        Properties former = System.getProperties();
        CountDownLatch asked = new CountDownLatch(1);
        System.setProperties(new Properties(former) {
            @Override
            public String getProperty(String name) {
                while (name.equals("java.version")) {
                    asked.countDown();
                    LockSupport.park();
                }
                return former.getProperty(name);
            }
        });
        Class.forName("engine.Engine");
        asked.await();
        Thread hook = new Thread(() -> say(() -> Engine.get("a")));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** A hook of the application's that calls until the engine has ended, and then goes on calling. */
    static void late() {
        Engine.put("a", "one");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            String text = "";
            while (!text.contains("virtual machine")) {
                try {
                    Engine.put("a", "one");
                } catch (IllegalStateException ended) {
                    text = ended.getMessage();
                }
            }
            for (int i = 0; i < 1000; i++) {
                try {
                    Engine.put("a", "one");
                    System.out.println("answered after the end");
                } catch (IllegalStateException ended) {
                    text = ended.getMessage();
                }
            }
            System.out.println(text);
        }));
    }

    /** Another class with a library on rt0. */
    static void two(String other) throws Exception {
        say(() -> Engine.put("a", "one"));
        Class<?> greeter = Class.forName(other);
        say(() -> greeter.getMethod("greet", String.class).invoke(null, "Java"));
        say(() -> Engine.get("a"));
    }

    static void process() throws Exception {
        Engine.put("a", "one");
        Process child = new ProcessBuilder("sh", "-c", "exit 7").start();
        System.out.println(child.waitFor());
        say(() -> Engine.get("a"));
    }
}
