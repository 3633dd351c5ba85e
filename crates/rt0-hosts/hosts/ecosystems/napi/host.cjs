// What the other scripts share. PACKAGE names the folder of the built package.
'use strict';
const fs = require('node:fs');

exports.load = () => require(process.env.PACKAGE);

exports.say = (name, value) => fs.writeSync(1, `${name} = ${value}\n`);

// The names of this process's threads that begin like this.
exports.threads = (beginning) => {
  const names = fs.readdirSync('/proc/self/task').flatMap((thread) => {
    try {
      return fs.readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
    } catch {
      return []; // It has ended.
    }
  });
  return names.filter((name) => name.startsWith(beginning)).sort();
};

exports.until = async (condition) => {
  while (!condition()) {
    await new Promise((resume) => setTimeout(resume, 5));
  }
};

// What an error tells JavaScript.
exports.told = (error) => `${error instanceof Error} ${error.code}: ${error.message}`;
