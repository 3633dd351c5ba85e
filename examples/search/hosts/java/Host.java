// Searches a directory through the library's own Java package, which `cargo rt0 bindings` has written.
//
//     SEARCH_DIR=some/directory java --enable-native-access=ALL-UNNAMED -cp CLASSES Host [QUERY...]
//
// The package finds the library inside (`--bundle`) or by SEARCH_LIBRARY. Every line of the output begins with "java:".

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import search.Lines;
import search.Progress;
import search.Results;
import search.Search;
import search.SearchException;
import search.Stats;

public final class Host {
    private static final int BEST = 5;

    private Host() {}

    private static void say(String format, Object... args) {
        System.out.println("java: " + String.format(Locale.ROOT, format, args));
    }

    private static void showTime(String what, String query) throws SearchException {
        long begun = System.nanoTime();
        Search.search(query, BEST).close();
        say("%-18s %10.3f ms", what, (System.nanoTime() - begun) / 1e6);
    }

    private static void show(String query) throws SearchException {
        try (Results results = Search.search(query, BEST)) {
            say("%s: %d hits", query, results.total());
            for (long at = 0; at < results.len(); at++) {
                say("  %6.2f  %s", results.score(at), results.path(at));
            }
        } catch (SearchException.Query why) {
            say("%s: %s", query, why.text());
        }
    }

    /** An async export, with a time: it gives the lines that it has found until then. */
    private static void showLines(String query) throws SearchException, ExecutionException, InterruptedException {
        String word = query.split(" ")[0].replace("\"", "");
        CompletableFuture<Lines> future = Search.linesAsync(query, word, 2, Duration.ofSeconds(10));
        // Here the program does something else.
        try (Lines found = future.get()) {
            Progress progress = found.progress();
            say("%d lines with '%s', in %d of %d files read", progress.lines(), word, progress.filesRead(),
                    progress.files());
            for (long at = 0; at < progress.lines(); at++) {
                say("  %s", found.text(at));
            }
        }
    }

    /** Searches for each word of the command line. */
    public static void main(String[] args) throws Exception {
        List<String> queries =
                args.length > 0 ? List.of(args) : List.of("runtime", "error AND thread", "\"the library\"");
        // The first call waits until the library is ready. The second has nothing to wait for.
        showTime("first call waited", queries.get(0));
        showTime("same call again", queries.get(0));
        Stats stats = Search.stats();
        say("%d documents with %.0f kB of text", stats.documents(), stats.bytes() / 1e3);
        for (String query : queries) {
            show(query);
        }
        showLines(queries.get(0));
    }
}
