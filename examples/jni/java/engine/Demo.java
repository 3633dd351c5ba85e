package engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Uses the engine. It starts nothing and ends nothing. */
public final class Demo {
    public static void main(String[] args) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        Engine.watch((key, happened) -> {
            System.out.println(key + ": " + happened);
            told.countDown();
        });
        CompletableFuture<String> later = Engine.waitFor("greeting");
        System.out.println("texts: " + Engine.put("greeting", "Hello from Rust"));
        System.out.println("got: " + later.join());
        // The watcher runs on a thread of the engine's, perhaps a little later.
        told.await();
    }
}
