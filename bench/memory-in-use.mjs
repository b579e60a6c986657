/** What is reachable. Collected between two turns of the event loop, where no frame on the stack holds what is done with. */
export async function memoryInUse() {
  for (let turn = 0; turn < 2; turn++) {
    await new Promise(setImmediate)
    await globalThis.gc?.({ execution: 'async' })
  }
  return process.memoryUsage().heapUsed
}
