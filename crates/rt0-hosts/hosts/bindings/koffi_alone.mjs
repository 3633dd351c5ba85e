// What koffi does by itself when a worker is ended that has functions which C calls: no library of rt0's is here.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
  worker.on('message', () => worker.terminate());
  worker.on('exit', () => setTimeout(() => console.log('node goes on'), 1000));
} else {
  const koffi = createRequire(pathToFileURL(workerData))('koffi');
  const libc = koffi.load('libc.so.6');
  const create = libc.func('timer_create', 'int', ['int', 'void *', 'void *']);
  const set = libc.func('timer_settime', 'int', ['void *', 'int', 'void *', 'void *']);
  let calls = 0;
  const called = () => void (++calls === 10 && parentPort.postMessage('ten'));
  // A thread of the C library's calls the function each millisecond: SIGEV_THREAD is 2.
  const address = koffi.register(called, koffi.pointer(koffi.proto('void', ['void *'])));
  const event = new BigUint64Array([0n, 2n << 32n, address, 0n, 0n, 0n, 0n, 0n]);
  const timer = new BigUint64Array(1);
  create(1, event, timer);
  set(timer[0], 0, new BigInt64Array([0n, 1000000n, 0n, 1000000n]), null);
}
