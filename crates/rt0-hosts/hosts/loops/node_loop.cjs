// node, with koffi: each async export of the shop becomes a promise.
'use strict';

const net = require('net');
const { createRequire } = require('module');

const [, , path, packages] = process.argv;
const koffi = createRequire(packages)('koffi');

const OK = 0;
const shop = koffi.load(path);
const ERR = '_Out_ void **err';
const lib = {
  begin: shop.func(`int shop_fetch_begin(const char *item, size_t len, int timeout_ms, void *queue, uint64_t tag, \
    _Out_ void **op, ${ERR})`),
  end: shop.func(`int shop_fetch_end(void *op, _Out_ void **out, _Out_ size_t *len, ${ERR})`),
  cancel: shop.func('int shop_op_cancel(void *op)'),
  queueNew: shop.func(`int shop_queue_new(uint32_t limit, _Out_ void **queue, ${ERR})`),
  queueFree: shop.func('int shop_queue_free(void *queue)'),
  take: shop.func('int shop_queue_take(void *queue, _Out_ uint64_t *tags, size_t room, _Out_ size_t *count, int ms)'),
  fd: shop.func(`int shop_queue_fd(void *queue, _Out_ intptr_t *fd, ${ERR})`),
  open: shop.func('uint64_t shop_open()'),
  shutdown: shop.func('int shop_shutdown(int timeout_ms)'),
  free: shop.func('int shop_free(void *text)'),
};

/** The text behind an owned pointer, which is freed. */
function textOf(owned) {
  if (owned === null) return '';
  const text = koffi.decode(owned, 'char', -1);
  lib.free(owned);
  return text;
}

function check(code, err) {
  if (code !== OK) throw Object.assign(new Error(`${code} ${textOf(err[0])}`), { code });
}

// docs: node
/** The shop in node's event loop. */
class Shop {
  constructor() {
    const queue = [null];
    const fd = [0];
    const err = [null];
    check(lib.queueNew(1000, queue, err), err);
    check(lib.fd(queue[0], fd, err), err);
    this.queue = queue[0];
    this.waiting = new Map();
    this.tag = 0;
    // It reads the bytes, and closes the descriptor.
    this.socket = new net.Socket({ fd: Number(fd[0]), readable: true, writable: false });
    this.socket.on('data', () => this.arrived());
    this.socket.on('end', () => this.close());
    this.socket.unref();
  }

  arrived() {
    const tags = new BigUint64Array(64);
    const count = [0];
    while (lib.take(this.queue, tags, 64, count, 0) === OK) {
      for (const tag of tags.subarray(0, Number(count[0]))) {
        const done = this.waiting.get(Number(tag));
        this.waiting.delete(Number(tag));
        done();
      }
    }
    // Node may end when nothing is waited for.
    if (this.waiting.size === 0) this.socket.unref();
  }

  /** At a shutdown, or when the shop is not needed any more. */
  close() {
    this.arrived();
    this.socket.destroy();
    lib.queueFree(this.queue);
  }

  async fetch(item, { timeout = -1, signal } = {}) {
    signal?.throwIfAborted();
    const op = [null];
    const err = [null];
    const tag = ++this.tag;
    check(lib.begin(item, Buffer.byteLength(item), timeout, this.queue, tag, op, err), err);
    this.socket.ref();
    const cancel = () => lib.cancel(op[0]);
    signal?.addEventListener('abort', cancel);
    await new Promise((done) => this.waiting.set(tag, done));
    signal?.removeEventListener('abort', cancel);
    const out = [null];
    check(lib.end(op[0], out, null, err), err);
    return textOf(out[0]);
  }
}
// docs: end

const failed = (promise) =>
  promise.then(
    (text) => `no error: ${text}`,
    (error) => error.message,
  );

async function main() {
  const shop = new Shop();
  const items = Array.from({ length: 100 }, (_, number) => `item ${number}`);
  const fetched = await Promise.all(items.map((item) => shop.fetch(item)));
  console.log(`fetched = ${fetched.filter((text, i) => text === `${items[i]}, fetched`).length}`);
  console.log(`refused = ${await failed(shop.fetch('unicorn'))}`);
  console.log(`late = ${await failed(shop.fetch('moon', { timeout: 10 }))}`);

  const controller = new AbortController();
  const cancelled = failed(shop.fetch('moon', { signal: controller.signal }));
  controller.abort();
  console.log(`cancelled = ${await cancelled}`);
  while (Number(lib.open()) !== 0) await new Promise(setImmediate);
  console.log('open = 0');

  const stopped = failed(shop.fetch('moon'));
  // On another thread: the loop goes on, and hears that the op is over.
  const shutdown = await new Promise((done, fail) =>
    lib.shutdown.async(-1, (error, code) => (error ? fail(error) : done(code))),
  );
  console.log(`shutdown = ${shutdown}`);
  console.log(`stopped = ${await stopped}`);
  if (!shop.socket.destroyed) await new Promise((done) => shop.socket.on('close', done));
  console.log('reads as ended = 1');
}

main();
