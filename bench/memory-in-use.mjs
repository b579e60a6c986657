/** What is reachable. What promises still hold is let go of in the next turn of the event loop. */
export async function memoryInUse() {
  for (let turn = 0; turn < 2; turn++) {
    await new Promise(setImmediate)
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}
