// The library ends with the last of node's environments that have loaded it, and boots again for the next one.
'use strict';
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const { load, say, threads, until } = require('./host.cjs');

const ours = () => threads('engine_napi-').length;

if (!isMainThread) {
  const engine = load();
  if (process.argv[2] === 'early') {
    for (let i = 0; i < 100; i++) engine.waitFor('never').catch(() => {});
    parentPort.postMessage('waits');
    return;
  }
  // These go on until the environment ends.
  engine.waitFor('never').catch(() => {});
  engine.watch(() => {});
  setInterval(() => engine.put('busy', 'text'), 1);
  engine.put('worker', 'text');
  engine.waitFor('worker').then((text) => parentPort.postMessage(text));
} else {
  main();
}

async function worker(...argv) {
  const worker = new Worker(__filename, { argv });
  const text = await new Promise((done) => worker.once('message', done));
  return { text, end: () => worker.terminate() };
}

async function main() {
  // Some that end while the engine is being opened. Their promises do not open the engine again.
  let left = 0;
  for (let round = 0; round < 10; round++) {
    const early = await worker('early');
    await early.end();
    await new Promise((later) => setTimeout(later, 100));
    left += ours();
  }
  say('after early ones', left);
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
