// What a program does with the package.
import { createRequire } from 'node:module';

// The package itself, or the one that is installed beside this file.
const require = createRequire(import.meta.url);
let engine;
try {
  engine = require('./index.js');
} catch {
  engine = require('engine-napi');
}
const { put, waitFor, watch } = engine;

const told = [];
watch((key, event) => told.push(`${event}: ${key}`));

const answer = waitFor('answer');
console.log('put', put('question', 'six times seven'), 'text(s)');
setTimeout(() => put('answer', '42'), 10);

console.log('answer:', await answer);
while (told.length < 2) await new Promise((later) => setTimeout(later, 5));
console.log(told.join('\n'));
