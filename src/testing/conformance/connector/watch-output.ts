const ways = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const

/**
 * Notes whatever is printed while the work lasts, by the console or past it; it is printed all the same.
 *
 * @param note - is handed what was printed, as it was given
 */
export async function watchOutput<T>(note: (printed: unknown) => void, work: () => Promise<T>): Promise<T> {
  const undo = [
    ...ways.map((way) => watch(console, way, note)),
    ...[process.stdout, process.stderr].map((stream) => watch(stream, 'write', note)),
  ]
  try {
    return await work()
  } finally {
    for (const restore of undo) restore()
  }
}

function watch<K extends string>(
  owner: Record<K, (...given: never[]) => unknown>,
  name: K,
  note: (printed: unknown) => void,
): () => void {
  const print = owner[name]
  owner[name] = function (this: unknown, ...given: never[]) {
    note(given.map((one: unknown) => (one instanceof Uint8Array ? new TextDecoder().decode(one) : one)))
    return print.apply(this, given)
  }
  return () => {
    owner[name] = print
  }
}
