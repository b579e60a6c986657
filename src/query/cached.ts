/** How many texts are remembered, and how long one may be. */
const MAX_TEXTS = 500
const MAX_LENGTH = 16_384

/**
 * A parser that remembers what it made of the texts that it saw last: the same text gives the same frozen object, for
 * which a plan is made once.
 */
export function cached<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) {
      // The one that was used last goes to the end; the first is the one to forget.
      known.delete(text)
      known.set(text, found)
      return found
    }
    const parsed = parse(text)
    if (text.length > MAX_LENGTH) return parsed
    if (known.size >= MAX_TEXTS) known.delete(known.keys().next().value!)
    known.set(text, parsed)
    return parsed
  }
}
