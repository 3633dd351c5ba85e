// What a call through the generated bindings costs, against the same call by koffi, written by hand with the same check
// of the error.
//
//     cargo rt0 build --release -p conform --out build
//     cargo rt0 bindings build/libconform.so --lang typescript --bundle --out build
//     npm install --prefix build/typescript
//     node bench/bindings/typescript.mjs build/typescript
//
// Both are measured in turns, in one process; the figure is the median of the ratios of the rounds.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv[2] ?? 'build/typescript');
const conform = await import(pathToFileURL(`${folder}/index.js`));
const { PATH } = await import(pathToFileURL(`${folder}/lib/library.js`));
const koffi = createRequire(`${folder}/index.js`)('koffi');

const ROUNDS = 31;
const CALLS = 10_000;

const lib = koffi.load(PATH);
const ERR = '_Out_ void **err';
const free = lib.func('int conform_free(void *memory)');
const add = lib.func(`int conform_add(int32_t one, int32_t other, _Out_ int64_t *out, ${ERR})`);
const u64Same = lib.func(`int conform_u64_same(uint64_t value, _Out_ uint64_t *out, ${ERR})`);
const f64Same = lib.func(`int conform_f64_same(double value, _Out_ double *out, ${ERR})`);
const textMaybe = lib.func(`int conform_text_maybe(const char *text, size_t len, _Out_ int64_t *out, ${ERR})`);
const textOwn = lib.func(
  `int conform_text_own(const char *text, size_t len, _Out_ void **out, _Out_ size_t *out_len, ${ERR})`,
);
const u8Last = lib.func(
  `int conform_u8_last(const uint8_t *of, size_t len, _Out_ uint8_t *out, _Out_ bool *some, ${ERR})`,
);
const each = lib.func(
  `int conform_each(uint32_t count, void *back, void *user, _Out_ uint64_t *out, ${ERR})`,
);
const back = koffi.register((number) => BigInt(number), koffi.pointer(koffi.proto('uint64_t', ['uint32_t', 'void *'])));

function check(code, err) {
  if (code === 0) return;
  const text = koffi.decode.string(err[0]);
  free(err[0]);
  throw Object.assign(new Error(text), { code });
}

const byHand = {
  add(one, other) {
    const out = [0];
    const err = [null];
    check(add(one, other, out, err), err);
    return BigInt(out[0]);
  },
  u64(value) {
    const out = [0];
    const err = [null];
    check(u64Same(value, out, err), err);
    return BigInt(out[0]);
  },
  f64(value) {
    const out = [0];
    const err = [null];
    check(f64Same(value, out, err), err);
    return out[0];
  },
  textIn(value) {
    const out = [0];
    const err = [null];
    check(textMaybe(value, Buffer.byteLength(value), out, err), err);
    return BigInt(out[0]);
  },
  text(value) {
    const out = [null];
    const length = [0];
    const err = [null];
    check(textOwn(value, Buffer.byteLength(value), out, length, err), err);
    try {
      return koffi.decode.string(out[0], length[0]);
    } finally {
      free(out[0]);
    }
  },
  bytes(value) {
    const out = [0];
    const some = [false];
    const err = [null];
    check(u8Last(value, value.length, out, some, err), err);
    return some[0] ? out[0] : undefined;
  },
  each(count) {
    const out = [0];
    const err = [null];
    check(each(count, back, null, out, err), err);
    return BigInt(out[0]);
  },
};

const ROWS = [
  ['two numbers', 1.3, byHand.add, conform.add, [2, 3]],
  ['a u64', 1.3, byHand.u64, conform.u64Same, [5n]],
  ['an f64', 1.3, byHand.f64, conform.f64Same, [0.5]],
  ['a text in', 1.5, byHand.textIn, conform.textMaybe, ['a text of some words']],
  ['a text in and one out', 1.5, byHand.text, conform.textOwn, ['a text of some words']],
  ['1 MB of bytes in', 1.5, byHand.bytes, conform.u8Last, [new Uint8Array(1_000_000).fill(120)], 50],
  // By hand on the caller's thread only; the bindings' may be called on any. There is no target.
  ['1 call back', Infinity, byHand.each, (count) => conform.each(count, BigInt), [1], 100],
  ['100 calls back', Infinity, byHand.each, (count) => conform.each(count, BigInt), [100], 10],
];

function timed(call, args, calls) {
  const begun = process.hrtime.bigint();
  for (let time = 0; time < calls; time++) call(...args);
  return Number(process.hrtime.bigint() - begun) / calls;
}

function median(numbers) {
  return numbers.sort((one, other) => one - other)[Math.trunc(numbers.length / 2)];
}

console.log(`${''.padEnd(24)}${'by hand'.padStart(10)}${'bindings'.padStart(11)}${'ratio'.padStart(8)}${'target'.padStart(8)}`);
for (const [name, target, hand, bindings, args, calls = CALLS] of ROWS) {
  assert.deepEqual(hand(...args), bindings(...args));
  const rounds = Array.from({ length: ROUNDS }, () => [timed(hand, args, calls), timed(bindings, args, calls)]);
  const ratio = median(rounds.map(([one, other]) => other / one));
  const [one, other] = [0, 1].map((at) => median(rounds.map((round) => round[at])));
  const wanted = target === Infinity ? '-' : target.toFixed(1);
  console.log(
    `${name.padEnd(24)}${one.toFixed(0).padStart(7)} ns${other.toFixed(0).padStart(8)} ns${ratio.toFixed(2).padStart(8)}${wanted.padStart(8)}`,
  );
  if (ratio > target) process.exitCode = 1;
}
if (process.exitCode) console.log('a target is missed');
