// A host that hears of the library's events, through the generated bindings.

import herald.Herald;
import herald.HeraldException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

public final class Events {
    private record Heard(int level, String target, String text, String spans) {}

    private Events() {}

    private static void require(boolean right, List<Heard> heard) {
        if (!right) {
            throw new AssertionError(heard.toString());
        }
    }

    /** A handler that asks for another would wait for itself, also while another thread waits for it. */
    private static void asksInside() throws HeraldException, InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean refused = new AtomicBoolean();
        Herald.events(1, (level, target, text, spans) -> {
            inside.countDown();
            try {
                // If this thread had to wait for the other, it would do so now.
                Thread.sleep(20);
                Herald.events(0, null);
            } catch (HeraldException.WouldDeadlock expected) {
                refused.set(true);
            } catch (HeraldException | InterruptedException other) {
                throw new IllegalStateException(other);
            }
        });
        Herald.everyLevel();
        inside.await();
        Herald.events(0, null);
        require(refused.get(), List.of());
    }

    public static void main(String[] args) throws HeraldException, InterruptedException {
        List<Heard> heard = new CopyOnWriteArrayList<>();
        List<String> thrown = new CopyOnWriteArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> thrown.add(error.getMessage()));
        Herald.events(3, (level, target, text, spans) -> {
            heard.add(new Heard(level, target, text, spans));
            // Nobody waits for it, and it must not end the virtual machine.
            throw new IllegalStateException("thrown by a handler");
        });
        Herald.everyLevel();
        // When this returns, the former handler has been told everything.
        Herald.events(0, null);
        Herald.everyLevel();
        require(heard.contains(new Heard(2, "elsewhere", "a warning", "outer:inner")), heard);
        List<Integer> levels = heard.stream()
                .filter(event -> event.text().contains("news") || event.text().contains("an error"))
                .map(Heard::level)
                .sorted()
                .toList();
        require(levels.equals(List.of(1, 3)), heard);
        require(heard.stream().noneMatch(event -> event.text().contains("a trace")), heard);
        require(thrown.size() == heard.size() && thrown.contains("thrown by a handler"), heard);
        for (int i = 0; i < 3; i++) {
            asksInside();
        }
        try {
            Herald.events(9, (level, target, text, spans) -> {});
        } catch (HeraldException.InvalidArgument refused) {
            System.out.println("right");
        }
    }
}
