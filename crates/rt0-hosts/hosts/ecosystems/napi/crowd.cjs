// Six worker_threads and this one call at once, while the engine is being opened.
'use strict';
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const { load, say } = require('./host.cjs');

const engine = load();
const keys = Array.from({ length: 32 }, (_, i) => `key ${i}`);
// The promises first: they wait while the calls below do.
const promises = keys.map((key) => engine.waitFor(key));

if (isMainThread) {
  const workers = Array.from({ length: 6 }, () => new Worker(__filename));
  const ends = workers.map((worker) => new Promise((ended) => {
    worker.once('message', (texts) => worker.once('exit', (code) => ended([texts, code])));
  }));
  Promise.all([...promises, ...ends]).then((all) => {
    say('promises', all.slice(0, 32).filter((text) => text === 'text').length);
    say('workers', all.slice(32).map(([texts, code]) => `${texts} ${code}`).join(', '));
    say('still here', engine.get('key 7'));
  });
}
for (const key of keys) engine.put(key, 'text');
if (!isMainThread) {
  Promise.all(promises).then((texts) => parentPort.postMessage(texts.length));
}
