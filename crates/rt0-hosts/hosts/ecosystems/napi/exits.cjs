// Ends in one of node's ways while the engine's threads call back.
'use strict';
const { Worker, isMainThread } = require('node:worker_threads');
const { load, say } = require('./host.cjs');

const how = process.argv[2];
const engine = load();
let calls = 0;
let next = 0;
const puts = setInterval(() => {
  for (let i = 0; i < 20; i++) engine.put(`${next++}`, 'text');
}, 1);
engine.watch(() => {
  calls += 1;
  if (how === 'callback' && calls === 40) process.exit(42);
});

if (isMainThread) {
  process.on('exit', () => say('exit', Date.now()));
  const workers = how === 'workers' ? [1, 2, 3].map(() => new Worker(__filename, { argv: [how] })) : [];
  // A promise that is pending keeps node from ending by itself.
  if (how !== 'end') engine.waitFor('never').catch(() => {});
  const timer = setInterval(() => {
    if (calls < 40) return;
    if (how === 'end') {
      process.exitCode = 42;
      clearInterval(puts);
      clearInterval(timer);
    } else if (how === 'terminate') {
      workers.forEach((worker) => worker.terminate());
    } else if (how !== 'callback') {
      process.exit(42);
    }
  }, 1);
} else {
  engine.waitFor('never').catch(() => {});
}
