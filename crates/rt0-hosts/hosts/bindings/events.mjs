// A host that hears of the library's events, through the generated bindings.

import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

const herald = await import(pathToFileURL(`${process.argv[2]}/index.js`));

const heard = [];
herald.events(3, (...event) => heard.push(event));
herald.everyLevel();
// When this returns, the former handler has been told everything.
herald.events(0, undefined);
herald.everyLevel();
assert(
  heard.some((event) => JSON.stringify(event) === '[2,"elsewhere","a warning","outer:inner"]'),
  JSON.stringify(heard),
);
const levels = heard.filter(([, , text]) => text.includes('news') || text.includes('an error')).map(([level]) => level);
assert.deepEqual(levels.sort(), [1, 3]);
assert(!heard.some(([, , text]) => text.includes('a trace')));
assert.throws(() => herald.events(9, () => {}), herald.InvalidArgumentError);
assert.throws(() => herald.events(3, 5), TypeError);

// What a handler throws is a warning, and ends nothing. A handler keeps no process alive.
const warnings = [];
process.on('warning', ({ message }) => warnings.push(message));
herald.events(1, () => {
  throw new Error('from a handler');
});
herald.everyLevel();
while (warnings.length === 0) await new Promise(setImmediate);
assert.deepEqual(new Set(warnings), new Set(['from a handler']));

// It would wait for itself.
const refused = [];
herald.events(3, () => {
  try {
    herald.events(0, undefined);
  } catch (error) {
    refused.push(error);
  }
});
herald.everyLevel();
while (refused.length === 0) await new Promise(setImmediate);
assert(refused[0] instanceof herald.WouldDeadlockError, refused[0]);
console.log('right');
