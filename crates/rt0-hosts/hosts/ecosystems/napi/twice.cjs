// Loads the same file twice in one environment, and once more in another one.
'use strict';
const { Worker, isMainThread } = require('node:worker_threads');
const { load, say } = require('./host.cjs');

const first = load();
first.put('a', 'one');
if (isMainThread) {
  for (const name of Object.keys(require.cache)) delete require.cache[name];
  const second = load();
  say('another object', first !== second);
  say('the same store', second.get('a'));
  const file = Object.keys(require.cache).find((name) => name.endsWith('.node'));
  const third = { exports: {} };
  process.dlopen(third, file);
  say('again', third.exports.get('a'));
  new Worker(__filename).on('exit', (code) => say('worker', `${code} ${second.get('a')}`));
}
