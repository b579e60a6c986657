import { expect, test } from 'vitest'
import { cached } from './cached.ts'

test('a text that was seen lately is not parsed again', () => {
  const seen: string[] = []
  const parse = cached((text) => {
    seen.push(text)
    return { text }
  })
  const first = parse('first')
  for (let n = 0; n < 499; n++) parse(`other ${n}`)
  expect(parse('first')).toBe(first)
  // One text too many: what was not used for longest is forgotten.
  parse('one more')
  expect(parse('first')).toBe(first)
  seen.length = 0
  parse('other 0')
  expect(seen).toEqual(['other 0'])
})

test('long texts are not remembered, and neither are mistakes', () => {
  let count = 0
  const parse = cached((text) => {
    count++
    if (text === 'wrong') throw new Error(text)
    return text
  })
  const long = 'x'.repeat(20_000)
  parse(long)
  parse(long)
  for (let n = 0; n < 2; n++) expect(() => parse('wrong')).toThrow('wrong')
  expect(count).toBe(4)
})
