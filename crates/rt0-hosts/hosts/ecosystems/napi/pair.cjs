// Two libraries in one process: PACKAGE, and the folder that the argument names.
'use strict';
const { load, say, threads } = require('./host.cjs');

const other = require(process.argv[2]);
const engine = load();
Promise.all([engine.waitFor('a'), other.greetLater('both')]).then((texts) => {
  say('both', texts.join(', '));
  say('threads', ['engine_napi-', 'greeter-'].map((name) => threads(name).length > 0));
});
engine.put('a', 'one');
say('other', other.greet('node'));
