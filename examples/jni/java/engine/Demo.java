package engine;

import java.util.concurrent.CompletableFuture;

/** Uses the engine. It starts nothing and ends nothing. */
public final class Demo {
    public static void main(String[] args) {
        Engine.watch((key, happened) -> System.out.println(key + ": " + happened));
        CompletableFuture<String> later = Engine.waitFor("greeting");
        System.out.println("texts: " + Engine.put("greeting", "Hello from Rust"));
        System.out.println("got: " + later.join());
    }
}
