import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, defineRule, explain, inOrder, type RuleOptions } from './index.ts'

interface Weather {
  readonly rain: boolean
  readonly degrees: number
  readonly since?: Date
  readonly forecast?: readonly string[]
  readonly wind?: { readonly from: string | null }
}
const rule = (options: Partial<RuleOptions<Weather, string>> & { readonly id: string }) =>
  defineRule<Weather, string>({
    title: `Rule ${options.id} applies.`,
    when: () => true,
    then: `by ${options.id}`,
    because: 'it does',
    ...options,
  })
const dry: Weather = { rain: false, degrees: 20 }

test('the first rule that applies decides, in order of priority and not of the list', () => {
  const rules = [
    rule({ id: 'last', priority: 300 }),
    rule({ id: 'umbrella', priority: 200, when: ({ rain }) => rain }),
    rule({ id: 'coat', priority: 100, when: ({ degrees }) => degrees < 5 }),
  ]
  expect(decide(rules, dry)).toMatchObject({ outcome: 'by last', considered: ['coat', 'umbrella'] })
  expect(decide(rules, { rain: true, degrees: 20 })).toMatchObject({ outcome: 'by umbrella', considered: ['coat'] })
  expect(decide(rules, { rain: true, degrees: 0 })).toMatchObject({ outcome: 'by coat', considered: [] })
})

test('rules of equal priority keep the order in which they were given', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }), (priorities) => {
      const ordered = inOrder(priorities.map((priority, at) => rule({ id: String(at), priority })))
      for (let at = 1; at < ordered.length; at++) {
        const [before, after] = [ordered[at - 1]!, ordered[at]!]
        expect(before.priority).toBeLessThanOrEqual(after.priority)
        if (before.priority === after.priority) expect(Number(before.id)).toBeLessThan(Number(after.id))
      }
      expect(ordered).toHaveLength(priorities.length)
    }),
  )
})

test('a rule without a priority comes where the built-in ones begin', () => {
  expect(rule({ id: 'X' }).priority).toBe(100)
})

test('later rules are not even asked', () => {
  let asked = 0
  const curious = rule({ id: 'curious', priority: 2, when: () => ++asked > 0 })
  decide([rule({ id: 'first', priority: 1 }), curious], dry)
  expect(asked).toBe(0)
})

test('when no rule applies the error names those that were asked', () => {
  const never = { when: () => false }
  expect(() => decide([rule({ id: 'A', ...never }), rule({ id: 'B', ...never })], dry)).toThrow(
    'none of the rules A, B applies',
  )
})

test('two rules with one id are refused by name', () => {
  expect(() => decide([rule({ id: 'A' }), rule({ id: 'A' })], dry)).toThrow("two rules have the id 'A'. Rename one.")
})

test('outcome, reason and fix may follow from the facts', () => {
  const decision = decide(
    [
      rule({
        id: 'A',
        source: 'https://weather.example',
        then: ({ degrees }) => `${degrees} °C`,
        because: ({ rain }) => (rain ? 'It rains.' : 'It is dry.'),
        fix: ({ degrees }) => `Wait for ${degrees + 5}.`,
      }),
    ],
    dry,
  )
  expect(decision).toEqual({
    outcome: '20 °C',
    rule: { id: 'A', title: 'Rule A applies.', source: 'https://weather.example' },
    because: 'It is dry.',
    fix: 'Wait for 25.',
    considered: [],
    facts: dry,
  })
})

describe('defineRule', () => {
  test('answers frozen data', () => {
    const frozen = rule({ id: 'A' })
    expect(Object.isFrozen(frozen)).toBe(true)
    expect(frozen).toMatchObject({ kind: 'rule', source: 'ours', fix: undefined })
  })

  test.each([
    ['without an id', { id: '' }, "defineRule(''): a rule needs an id and a title."],
    ['without a title', { id: 'A', title: '' }, "defineRule('A'): a rule needs an id and a title."],
    ['with a priority that is no number', { id: 'A', priority: Number.NaN }, "defineRule('A'): priority is NaN"],
  ])('refuses a rule %s', (_, options, message) => {
    expect(() => rule(options)).toThrow(message)
  })
})

describe('explain', () => {
  test('says the rule, the reason, the fix, the source, what else was asked, and every fact', () => {
    const facts: Weather = {
      rain: true,
      degrees: 4,
      since: new Date('2026-03-01T00:00:00Z'),
      forecast: [],
      wind: { from: null },
    }
    const text = explain(
      decide([rule({ id: 'A', when: () => false }), rule({ id: 'B', fix: 'Stay in.', source: 'a book' })], facts),
    )
    expect(text).toBe(
      [
        'Rule B: Rule B applies.',
        'Because: it does',
        'Fix: Stay in.',
        'Source: a book',
        'Asked before, not applicable: A',
        'Facts:',
        '  rain = true',
        '  degrees = 4',
        '  since = 2026-03-01T00:00:00.000Z',
        '  forecast = none',
        '  wind.from = —',
      ].join('\n'),
    )
  })

  test('leaves out what there is nothing to say of', () => {
    expect(explain(decide([rule({ id: 'A' })], dry))).not.toMatch(/Fix|Asked before/)
  })
})
