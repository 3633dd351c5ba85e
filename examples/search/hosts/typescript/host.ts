// Searches a directory through the library's own npm package, which `cargo rt0 bindings` has written.
//
//     npm install path/to/bindings/typescript && npx tsc
//     SEARCH_DIR=some/directory node host.js [QUERY...]
//
// Every line of the output begins with "typescript:".

import { performance } from 'node:perf_hooks';

import { QueryError, lines, search, stats } from 'search';

const BEST = 5;
const given = process.argv.slice(2);
const queries = given.length > 0 ? given : ['runtime', 'error AND thread', '"the library"'];
const [first = 'runtime'] = queries;

function say(text: string): void {
  console.log(`typescript: ${text}`);
}

function timed(what: string, work: () => void): void {
  const begun = performance.now();
  work();
  say(`${what.padEnd(18)} ${(performance.now() - begun).toFixed(3).padStart(10)} ms`);
}

function show(query: string): void {
  try {
    using results = search(query, BEST);
    say(`${query}: ${results.total()} hits`);
    for (let index = 0; index < results.len(); index++) {
      say(`  ${results.score(index).toFixed(2).padStart(6)}  ${results.path(index)}`);
    }
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    say(`${query}: ${error.text}`);
  }
}

/** An async export, with a time: it gives the lines that it has found until then. */
async function showLines(query: string): Promise<void> {
  const word = query.split(' ')[0]?.replaceAll('"', '') ?? query;
  using found = await lines(query, word, 2, { timeout: 10_000 });
  const progress = found.progress();
  say(`${progress.lines} lines with '${word}', in ${progress.filesRead} of ${progress.files} files read`);
  for (let index = 0; index < progress.lines; index++) say(`  ${found.text(index)}`);
}

// The first call waits until the library is ready. The second has nothing to wait for.
timed('first call waited', () => search(first, BEST).close());
timed('same call again', () => search(first, BEST).close());
const { documents, bytes } = stats();
say(`${documents} documents with ${(Number(bytes) / 1e3).toFixed(0)} kB of text`);
queries.forEach(show);
await showLines(first);
