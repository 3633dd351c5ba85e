// What a failed boot looks like.
'use strict';
const { load, say, told } = require('./host.cjs');

const engine = load();
const failed = (error) => say('promise', told(error));
engine.waitFor('a').catch(failed);
try {
  engine.get('a');
} catch (error) {
  say('call', told(error));
  // Now it has failed already.
  engine.waitFor('a').catch(failed);
}
