import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileLike, fold } from './index.ts'

const matches = (pattern: string, text: string) => compileLike(pattern)(text)

test.each([
  ['Fabrikam', 'Fabrikam', true],
  ['Fabrikam', 'Fabrikam Inc', false],
  ['Fab%', 'Fabrikam', true],
  ['%kam', 'Fabrikam', true],
  ['%bri%', 'Fabrikam', true],
  ['%', '', true],
  ['%%', 'anything', true],
  ['', '', true],
  ['', 'x', false],
  ['F_brikam', 'Fabrikam', true],
  ['_', '', false],
  ['_', 'ab', false],
  ['[a-m]%', 'Fabrikam', true],
  ['[a-m]%', 'Northwind', false],
  ['[^a-m]%', 'Northwind', true],
  ['[^x]', 'x', false],
  ['[^x]', '', false],
  ['[abc]', 'b', true],
  ['[abc]', 'd', false],
  ['[a-]', '-', true],
  ['100[%]', '100%', true],
  ['100[%]', '1000', false],
  ['a[_]b', 'a_b', true],
  ['a[_]b', 'axb', false],
  ['[', '[', true],
  ['a[b', 'a[b', true],
  ['[]]', ']', true],
  ['%a%b%', 'xxaxxbxx', true],
  ['%a%b%', 'xxbxxaxx', false],
  ['%ab', 'aab', true],
  ['.*', 'anything', false],
  ['a\nb%', 'a\nbc', true],
])('%j on %j: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected)
})

describe('case and accents do not count', () => {
  test.each([
    ['FABRIKAM', 'fabrikam'],
    ['cafe%', 'Café Central'],
    ['Ångström', 'angstrom'],
    ['[A-M]%', 'éclair'],
    ['_', '한'],
    ['한%', '한국어'],
  ])('%j matches %j', (pattern, text) => {
    expect(matches(pattern, text)).toBe(true)
  })
})

/** LIKE as its definition reads, with all its backtracking: each `%` tries every length. */
function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern[0] === '%') {
    for (let length = 0; length <= text.length; length++) if (naive(pattern.slice(1), text.slice(length))) return true
    return false
  }
  if (text === '') return false
  const close = pattern[0] === '[' ? pattern.indexOf(']', 2) : -1
  if (close !== -1) {
    const set = pattern.slice(1, close)
    const negated = set[0] === '^'
    let inside = false
    for (let at = negated ? 1 : 0; at < set.length; at++) {
      if (set[at + 1] === '-' && at + 2 < set.length) {
        inside ||= text[0]! >= set[at]! && text[0]! <= set[at + 2]!
        at += 2
      } else inside ||= text[0] === set[at]
    }
    return inside !== negated && naive(pattern.slice(close + 1), text.slice(1))
  }
  return (pattern[0] === '_' || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1))
}

test('agrees with the definition on any pattern and text', () => {
  const letters = (characters: string, maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...characters), maxLength })
  fc.assert(
    fc.property(letters('abAB%%_[]^-é', 9), letters('abABé[-', 8), (pattern, text) => {
      expect(matches(pattern, text)).toBe(naive(fold(pattern), fold(text)))
    }),
    { numRuns: 5000 },
  )
})

test('patterns that make backtracking matchers explode end like all others', () => {
  // A matcher that goes back to every % would need more steps for this than there are atoms: it would never get here.
  const pattern = '%a'.repeat(60)
  expect(matches(`${pattern}%b`, 'a'.repeat(20_000))).toBe(false)
  expect(matches(`${pattern}%`, 'a'.repeat(20_000))).toBe(true)
  expect(matches('%_%_%_%_%_%_%_%_%_%_x', 'y'.repeat(20_000))).toBe(false)
})

test('folding is stable, and equal for equal texts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(fold(fold(text))).toBe(fold(text))
    }),
  )
  expect(fold('İstanbul')).toBe(fold('istanbul'))
})
