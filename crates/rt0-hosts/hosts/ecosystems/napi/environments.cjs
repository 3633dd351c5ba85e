// The library ends with the last of node's environments that have loaded it, and boots again for the next one.
'use strict';
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const { load, say, threads, until } = require('./host.cjs');

const ours = () => threads('engine_napi-').length;

if (!isMainThread) {
  const engine = load();
  // These go on until the environment ends.
  engine.waitFor('never').catch(() => {});
  engine.watch(() => {});
  setInterval(() => engine.put('busy', 'text'), 1);
  engine.put('worker', 'text');
  engine.waitFor('worker').then((text) => parentPort.postMessage(text));
} else {
  main();
}

async function worker() {
  const worker = new Worker(__filename);
  const text = await new Promise((done) => worker.once('message', done));
  return { text, end: () => worker.terminate() };
}

async function main() {
  // Alone, twice.
  for (let round = 0; round < 2; round++) {
    const alone = await worker();
    say('alone', `${alone.text} ${ours() > 0}`);
    await alone.end();
    say('after it', ours());
  }
  // Six, one after the other.
  const six = await Promise.all(Array.from({ length: 6 }, worker));
  for (const each of six.slice(1)) await each.end();
  say('with one left', ours() > 0);
  const engine = load();
  await six[0].end();
  // This environment is the last one.
  say('with this one', `${ours() > 0} ${engine.get('worker')}`);
  let told = 0;
  engine.watch(() => told += 1);
  engine.put('main', 'text');
  await until(() => told > 0);
  say('told', true);
}
