// Calls at once after the load, here and in a child that node makes.
'use strict';
const { fork } = require('node:child_process');
const { load, say, told } = require('./host.cjs');

const engine = load();
say('put', engine.put('a', 'one'));
say('get', engine.get('a'));
say('nothing', engine.get('b'));
for (const [key, ...rest] of [[''], [7]]) {
  try {
    engine.put(key, 'x', ...rest);
  } catch (error) {
    say('refused', told(error));
  }
}

const events = [];
engine.watch((key, event) => {
  events.push(event);
  if (key === 'later' && event === 'put') say('told', key);
});
engine.waitFor('later').then((text) => {
  say('waited', text);
  if (process.argv[2] !== 'child') {
    fork(__filename, ['child'], { stdio: 'ignore' }).on('exit', (code) => say('child', code));
  }
});
setTimeout(() => engine.put('later', 'two'), 5);
