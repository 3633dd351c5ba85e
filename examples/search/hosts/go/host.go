// Searches a directory through the library's own Go package, which `cargo rt0 bindings libsearch.so --lang go` has
// written:
//
//	go mod init host && go mod edit -replace search=.../bindings/go && go get search && go build
//	SEARCH_LIBRARY=.../libsearch.so SEARCH_DIR=some/directory ./host [QUERY...]
//
// Every line of the output begins with "go:".
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"search"
)

const best = 5

func show(query string) error {
	results, err := search.Search(query, best)
	if errors.Is(err, search.ErrQuery) {
		fmt.Printf("go: %s: %v\n", query, err)
		return nil
	}
	if err != nil {
		return err
	}
	defer results.Close()
	fmt.Printf("go: %s: %d hits\n", query, results.Total())
	for at := range results.Len() {
		path, err := results.Path(at)
		if err != nil {
			return err
		}
		score, err := results.Score(at)
		if err != nil {
			return err
		}
		fmt.Printf("go:   %6.2f  %s\n", score, path)
	}
	return nil
}

// showLines makes an async call. Cancelled, it gives the lines that it has found until then.
func showLines(ctx context.Context, query string) error {
	word, _, _ := strings.Cut(query, " ")
	lines, err := search.GetLines(ctx, query, word, 2)
	if err != nil {
		return err
	}
	defer lines.Close()
	progress, err := lines.Progress()
	if err != nil {
		return err
	}
	fmt.Printf("go: %d lines with '%s', in %d of %d files read\n", progress.Lines, word, progress.FilesRead, progress.Files)
	for at := range progress.Lines {
		text, err := lines.Text(at)
		if err != nil {
			return err
		}
		fmt.Printf("go:   %s\n", text)
	}
	return nil
}

func run(queries []string) error {
	// The first call waits until the library is ready. The second has nothing to wait for.
	for _, name := range []string{"first call waited", "same call again"} {
		begun := time.Now()
		results, err := search.Search(queries[0], best)
		if err != nil {
			return err
		}
		results.Close()
		fmt.Printf("go: %-18s %10.3f ms\n", name, time.Since(begun).Seconds()*1e3)
	}
	numbers, err := search.GetStats()
	if err != nil {
		return err
	}
	fmt.Printf("go: %d documents with %.0f kB of text\n", numbers.Documents, float64(numbers.Bytes)/1e3)
	for _, query := range queries {
		if err := show(query); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return showLines(ctx, queries[0])
}

func main() {
	queries := os.Args[1:]
	if len(queries) == 0 {
		queries = []string{"runtime", "error AND thread", "\"the library\""}
	}
	if err := run(queries); err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(1)
	}
}
