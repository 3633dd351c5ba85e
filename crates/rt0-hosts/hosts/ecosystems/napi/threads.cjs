// Whose threads there are when everything has been used.
'use strict';
const { load, say, threads } = require('./host.cjs');

const engine = load();
engine.watch(() => {});
Promise.all(Array.from({ length: 50 }, (_, i) => engine.waitFor(`${i}`))).then(() => {
  say('ours', threads('engine_napi-').join(' '));
  say('tokio', threads('tokio').join(' '));
});
for (let i = 0; i < 50; i++) engine.put(`${i}`, 'text');
