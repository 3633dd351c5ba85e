// Java 22 or later, with its own foreign functions: one thread takes, and completes futures.

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

@SuppressWarnings({"restricted", "serial"})
public class Take {
    static final int OK = 0;

    static SymbolLookup library;

    static MethodHandle bind(String name, ValueLayout result, ValueLayout... parameters) {
        var symbol = library.find("shop_" + name).orElseThrow();
        return Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(result, parameters));
    }

    static final class ShopError extends RuntimeException {
        ShopError(int code, String text) {
            super(code + " " + text);
        }
    }

    // docs: java
    /** The shop, with one thread that takes. */
    static final class Shop {
        final MethodHandle begin = bind("fetch_begin", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG,
                ADDRESS, ADDRESS);
        final MethodHandle end = bind("fetch_end", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        final MethodHandle cancel = bind("op_cancel", JAVA_INT, ADDRESS);
        final MethodHandle queueNew = bind("queue_new", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        final MethodHandle queueFree = bind("queue_free", JAVA_INT, ADDRESS);
        final MethodHandle take = bind("queue_take", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT);
        final MethodHandle shutdown = bind("shutdown", JAVA_INT, JAVA_INT);
        final MethodHandle free = bind("free", JAVA_INT, ADDRESS);

        final Map<Long, Fetch> waiting = new ConcurrentHashMap<>();
        final AtomicLong tags = new AtomicLong();
        final MemorySegment queue;
        final Thread taker = new Thread(this::take, "shop");

        Shop() throws Throwable {
            try (var arena = Arena.ofConfined()) {
                var out = arena.allocate(ADDRESS);
                var err = arena.allocate(ADDRESS);
                check((int) queueNew.invokeExact(1000, out, err), err);
                queue = out.get(ADDRESS, 0);
            }
            taker.setDaemon(true);
            taker.start();
            Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        }

        /** One fetch. */
        final class Fetch extends CompletableFuture<String> {
            MemorySegment op;

            /** Asks the library. The future then fails with what the library answers. */
            @Override
            public boolean cancel(boolean interrupt) {
                try {
                    return (int) cancel.invokeExact(op) == OK;
                } catch (Throwable failed) {
                    throw new AssertionError(failed);
                }
            }

            void done() {
                try (var arena = Arena.ofConfined()) {
                    var out = arena.allocate(ADDRESS);
                    var err = arena.allocate(ADDRESS);
                    check((int) end.invokeExact(op, out, MemorySegment.NULL, err), err);
                    complete(textOf(out.get(ADDRESS, 0)));
                } catch (Throwable failed) {
                    completeExceptionally(failed);
                }
            }
        }

        Fetch fetch(String item, int timeoutMs) {
            var fetch = new Fetch();
            long tag = tags.incrementAndGet();
            try (var arena = Arena.ofConfined()) {
                var text = arena.allocateFrom(item);
                var op = arena.allocate(ADDRESS);
                var err = arena.allocate(ADDRESS);
                // The thread that takes must find it complete, however soon the tag comes.
                synchronized (fetch) {
                    waiting.put(tag, fetch);
                    check((int) begin.invokeExact(text, text.byteSize() - 1, timeoutMs, queue, tag, op, err), err);
                    fetch.op = op.get(ADDRESS, 0);
                }
            } catch (Throwable failed) {
                waiting.remove(tag);
                fetch.completeExceptionally(failed);
            }
            return fetch;
        }

        /** Waits without entering the machine, which can collect and end meanwhile. */
        private void take() {
            try (var arena = Arena.ofConfined()) {
                var tags = arena.allocate(JAVA_LONG, 64);
                var count = arena.allocate(JAVA_LONG);
                while ((int) take.invokeExact(queue, tags, 64L, count, -1) == OK) {
                    for (long at = 0; at < count.get(JAVA_LONG, 0); at++) {
                        var fetch = waiting.remove(tags.getAtIndex(JAVA_LONG, at));
                        synchronized (fetch) {
                            fetch.done();
                        }
                    }
                }
                // The library was shut down.
                int ignored = (int) queueFree.invokeExact(queue);
            } catch (Throwable failed) {
                throw new AssertionError(failed);
            }
        }

        /** Before the virtual machine ends, which is before the process does. Ends the thread that takes, too. */
        private void close() {
            try {
                if (shutdown(10_000) == OK) {
                    taker.join();
                }
            } catch (Throwable failed) {
                throw new AssertionError(failed);
            }
        }
        // docs: end

        int shutdown(int timeoutMs) throws Throwable {
            return (int) shutdown.invokeExact(timeoutMs);
        }

        /** The text behind an owned pointer, which is freed. */
        String textOf(MemorySegment owned) throws Throwable {
            if (owned.equals(MemorySegment.NULL)) {
                return "";
            }
            var text = owned.reinterpret(Long.MAX_VALUE).getString(0);
            int ignored = (int) free.invokeExact(owned);
            return text;
        }

        void check(int code, MemorySegment err) throws Throwable {
            if (code != OK) {
                throw new ShopError(code, textOf(err.get(ADDRESS, 0)));
            }
        }
    }

    static String failed(CompletableFuture<String> fetch) {
        try {
            return "no error: " + fetch.join();
        } catch (CompletionException failed) {
            return failed.getCause().getMessage();
        }
    }

    public static void main(String[] args) throws Throwable {
        library = SymbolLookup.libraryLookup(args[0], Arena.global());
        var open = bind("open", JAVA_LONG);
        var shop = new Shop();
        var items = IntStream.range(0, 100).mapToObj(number -> "item " + number).toList();
        var fetches = items.stream().map(item -> shop.fetch(item, -1)).toList();
        long right = IntStream.range(0, 100)
                .filter(i -> fetches.get(i).join().equals(items.get(i) + ", fetched"))
                .count();
        System.out.println("fetched = " + right);
        System.out.println("refused = " + failed(shop.fetch("unicorn", -1)));
        System.out.println("late = " + failed(shop.fetch("moon", 10)));
        var moon = shop.fetch("moon", -1);
        System.out.println("cancel = " + (moon.cancel(true) ? 0 : 1));
        System.out.println("cancelled = " + failed(moon));
        while ((long) open.invokeExact() != 0) {
            Thread.onSpinWait();
        }
        System.out.println("open = 0");
        var last = shop.fetch("moon", -1);
        if (args.length > 1) {
            // The machine ends while this one is open. The hook ends it.
            last.whenComplete((text, failed) -> System.out.println("stopped = " + failed.getMessage()));
            while ((long) open.invokeExact() == 0) {
                Thread.onSpinWait();
            }
            return;
        }
        System.out.println("shutdown = " + shop.shutdown(-1));
        System.out.println("stopped = " + failed(last));
        shop.taker.join();
        System.out.println("reads as ended = 1");
    }
}
