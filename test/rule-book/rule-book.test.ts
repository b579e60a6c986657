import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { interworksCustomApis, interworksSteps, work365CustomApis, work365Steps } from '../../src/plugins/index.ts'
import { ruleBook, type Setting, settings } from '../../src/rules/index.ts'
import { homesOf, printRuleBook, testsOf } from './print-rule-book.ts'

const rules = ruleBook.flatMap((chapter) => [...chapter.rules])
const ids = rules.map(({ id }) => id as string)

test('docs/rules.md is what the rules, the steps and the tests say; `npm run rules` brings it up to date', async () => {
  await expect(printRuleBook()).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/rules.md'))
})

test('no two rules have one id, and each has a sentence, a situation and a consequence', () => {
  expect(new Set(ids).size).toBe(ids.length)
  for (const { id, title, when, then, source } of rules) {
    expect(
      [id, title, when, then].filter((text) => text.trim() === ''),
      id,
    ).toEqual([])
    expect(source, id).toMatch(/^(https:\/\/|ours$)/)
    expect(title, `${id}: a title is the second half of a test's title`).not.toMatch(/\.$/)
  }
})

describe.each(rules.map(({ id }) => [id]))('%s', (id) => {
  test('is carried out somewhere', () => {
    expect(homesOf(id)).not.toEqual([])
  })

  test('is proven by a test with its title', () => {
    expect(testsOf(id)).not.toEqual([])
  })
})

test('a rule that nobody carries out or proves is found', () => {
  expect(homesOf('X999')).toEqual([])
  expect(testsOf('X999')).toEqual([])
})

test('what steps and custom APIs claim to carry out stands in the book', () => {
  const claimed = [...work365Steps, ...interworksSteps, ...work365CustomApis, ...interworksCustomApis].flatMap(
    (part) => part.rules,
  )
  expect(claimed.filter((id) => !ids.includes(id))).toEqual([])
})

test('rules and settings name each other', () => {
  for (const { id, settings: names = [] } of rules as readonly {
    id: string
    settings?: readonly (keyof typeof settings)[]
  }[]) {
    for (const name of names) expect((settings[name] as Setting).rules, `${name} does not name ${id}`).toContain(id)
  }
  for (const [name, { rules: named }] of Object.entries<Setting>(settings)) {
    const inBook = named.filter((id) => ids.includes(id))
    for (const id of inBook) {
      const rule = rules.find((candidate) => candidate.id === id) as { settings?: readonly string[] }
      expect(rule.settings ?? [], `${id} does not name ${name}`).toContain(name)
    }
  }
})
