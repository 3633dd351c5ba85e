// How often node's event loop turns until a promise that waits for the boot is told that it has failed.
'use strict';
const { load, say } = require('./host.cjs');

const engine = load();
let timers = 0;
let turns = 0;
let over = false;
const timer = setInterval(() => timers += 1, 1);
const turn = () => {
  turns += 1;
  if (!over) setImmediate(turn);
};
turn();
const promise = engine.waitFor('a');
setTimeout(() => engine.waitFor('b').catch(() => {}), 1);
promise.catch(() => {
  over = true;
  clearInterval(timer);
  say('turns', turns);
  say('timers', timers);
});
