import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { features } from './features/index.ts'
import { printConformance } from './print-conformance.ts'
import { isWritten, proofsOf, root, strayClaims } from './proofs.ts'

test('docs/conformance.md is what features and tests say; `npm run conformance` brings it up to date', () => {
  const lines = readFileSync(join(root, 'docs/conformance.md'), 'utf8').split('\n')
  const expected = printConformance().split('\n')
  const stale = expected.filter((line, at) => line !== lines[at])
  expect(stale.slice(0, 5), 'run `npm run conformance`').toEqual([])
  expect(lines).toHaveLength(expected.length)
})

test('every feature has a test', () => {
  const unproven = [...features].filter(([id, feature]) => proofsOf(id, feature).length === 0)
  expect(unproven.map(([id]) => id)).toEqual([])
})

test('every test that a feature names stands in its file', () => {
  const missing = [...features.values()].flatMap(({ provenBy = [] }) => provenBy.filter((proof) => !isWritten(proof)))
  expect(missing).toEqual([])
})

test('no test claims a feature that is not listed, and a test that there is not is found', () => {
  expect(strayClaims()).toEqual([])
  expect(isWritten({ file: 'test/conformance/conformance.test.ts', test: 'every feature has a test' })).toBe(true)
  expect(isWritten({ file: 'test/conformance/conformance.test.ts', test: 'every feature has' })).toBe(false)
  expect(isWritten({ file: 'test/conformance/nowhere.test.ts', test: 'every feature has a test' })).toBe(false)
})

test('no two features say the same, and each is the second half of a title, with a page of Microsoft Learn', () => {
  const titles = [...features.values()].map(({ title }) => title)
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
  expect(titles.filter((title) => title.endsWith('.'))).toEqual([])
  const pages = [...features.values()].map(({ page }) => page)
  expect(pages.filter((page) => !page.startsWith('https://learn.microsoft.com/'))).toEqual([])
})
