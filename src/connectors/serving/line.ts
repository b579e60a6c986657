/** Lets work on one thing follow each other: a subscription never has two changes under way. */
export function createLine() {
  const last = new Map<string, Promise<unknown>>()

  return async function inLine<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = last.get(id) ?? Promise.resolve()
    const mine = before.then(work, work)
    last.set(id, mine)
    try {
      return await mine
    } finally {
      if (last.get(id) === mine) last.delete(id)
    }
  }
}
