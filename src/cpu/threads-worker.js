/**
 * The script of every thread of the CPU engine but the first: instantiates the generated code on the shared memory and
 * runs its `work`, which waits for commands and never returns. Plain JavaScript, because Node loads it as it stands when
 * the engine runs from its sources.
 */

/** @param {import('./threads.ts').ThreadStart & { readonly port: MessagePort }} start */
async function work({ module, memory, numbers, broken, port }) {
  const host = { memory, ...numbers, drain() {} };
  try {
    const { exports } = await WebAssembly.instantiate(module, { host });
    port.postMessage(null);
    exports.work();
  } catch (error) {
    // The others wait for this thread: they find this word and stop.
    Atomics.store(new Int32Array(memory.buffer), broken / 4, 1);
    port.postMessage(String(error));
  }
}

const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
if (threads) threads.parentPort.once('message', work);
else globalThis.onmessage = ({ data }) => work(data);
