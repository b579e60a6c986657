/** A map that holds so many entries and forgets the oldest. */
export function createRecentMap<V>(most: number) {
  const entries = new Map<string, V>()
  return {
    get: (key: string): V | undefined => entries.get(key),
    set(key: string, value: V): void {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size > most) entries.delete(entries.keys().next().value!)
    },
    delete: (key: string): boolean => entries.delete(key),
    values: (): readonly V[] => [...entries.values()],
  }
}
