import { fold } from './collation.ts'

/** One character that a pattern asks for; `null` stands for `%`, any run of characters. */
type Token = ((character: string) => boolean) | null

/**
 * Compiles a SQL LIKE pattern: `%` any run of characters, `_` one character, `[a-m]` one of a set, `[^a-m]` one
 * outside it. Case and accents do not count. Matching takes at most pattern length × text length steps.
 */
export function compileLike(pattern: string): (text: string) => boolean {
  const test = compileFoldedLike(pattern)
  return (text) => test(fold(text))
}

/** {@link compileLike} for texts that are folded already. */
export function compileFoldedLike(pattern: string): (folded: string) => boolean {
  const folded = fold(pattern)
  const simple = /^(%?)([^%_[]*)(%?)$/.exec(folded)
  if (simple) {
    const [, start, text = '', end] = simple
    if (start && end) return (value) => value.includes(text)
    if (start) return (value) => value.endsWith(text)
    if (end) return (value) => value.startsWith(text)
    return (value) => value === text
  }
  const tokens = tokenize(folded)
  return (value) => matches(tokens, value)
}

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const wanted = pattern[at]!
    const close = wanted === '[' ? pattern.indexOf(']', at + 2) : -1
    if (wanted === '%') {
      if (tokens.at(-1) !== null) tokens.push(null)
    } else if (wanted === '_') tokens.push(() => true)
    else if (close !== -1) {
      tokens.push(characterSet(pattern.slice(at + 1, close)))
      at = close
    } else tokens.push((character) => character === wanted)
  }
  return tokens
}

function characterSet(set: string): (character: string) => boolean {
  const negated = set.startsWith('^')
  const single = new Set<string>()
  const ranges: [string, string][] = []
  for (let at = negated ? 1 : 0; at < set.length; at++) {
    if (set[at + 1] === '-' && at + 2 < set.length) {
      ranges.push([set[at]!, set[at + 2]!])
      at += 2
    } else single.add(set[at]!)
  }
  return (character) =>
    (single.has(character) || ranges.some(([low, high]) => character >= low && character <= high)) !== negated
}

/** On a mismatch only the last `%` has to take one character more, so there is never more than one way to go back to. */
function matches(tokens: readonly Token[], text: string): boolean {
  let token = 0
  let at = 0
  let lastRun = -1
  let runEnd = 0
  while (at < text.length) {
    const wanted = tokens[token]
    if (wanted === null) {
      lastRun = token++
      runEnd = at
    } else if (wanted?.(text[at]!)) {
      token++
      at++
    } else if (lastRun !== -1) {
      token = lastRun + 1
      at = ++runEnd
    } else return false
  }
  while (tokens[token] === null) token++
  return token === tokens.length
}
