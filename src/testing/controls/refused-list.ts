/** Something that clients asked for and that is not emulated. */
export interface Refused {
  /** The sentence with which it was refused. */
  readonly what: string
  readonly status: number
  /** How often. */
  readonly count: number
  /** The first request that asked for it. */
  readonly method: string
  readonly url: string
}

/** What clients asked for and is not emulated. Kept however often the environment is reset. */
export interface RefusedList {
  note(refusal: Omit<Refused, 'count'>): void
  /** The most frequent first. */
  list(): readonly Refused[]
}

/** More different ones are not kept, so that a client cannot fill the memory. */
const MOST = 1000

export function createRefusedList(): RefusedList {
  const known = new Map<string, { readonly first: Omit<Refused, 'count'>; count: number }>()
  return {
    note(refusal) {
      const entry = known.get(refusal.what)
      if (entry) entry.count++
      else if (known.size < MOST) known.set(refusal.what, { first: refusal, count: 1 })
    },
    list: () => [...known.values()].map(({ first, count }) => ({ ...first, count })).sort((a, b) => b.count - a.count),
  }
}
