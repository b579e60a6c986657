import type { Rule } from './define-rule.ts'

/** An outcome with all that a person needs to check it. */
export interface Decision<Facts extends object, Outcome> {
  readonly outcome: Outcome
  /** The rule that decided. */
  readonly rule: Pick<Rule<Facts, Outcome>, 'id' | 'title' | 'source'>
  readonly because: string
  readonly fix: string | undefined
  /** The ids of the rules that were asked before and did not apply, in the order of asking. */
  readonly considered: readonly string[]
  readonly facts: Facts
}

/**
 * Asks the rules in order of priority; the first that applies decides. Equal priorities keep the given order.
 * Throws when no rule applies: a set of rules ends with one that always does.
 */
export function decide<Facts extends object, Outcome>(
  rules: readonly Rule<Facts, Outcome>[],
  facts: Facts,
): Decision<Facts, Outcome> {
  const considered: string[] = []
  for (const rule of inOrder(rules)) {
    if (!rule.when(facts)) {
      considered.push(rule.id)
      continue
    }
    const { id, title, source } = rule
    return {
      outcome: rule.then(facts),
      rule: { id, title, source },
      because: rule.because(facts),
      fix: rule.fix?.(facts),
      considered,
      facts,
    }
  }
  throw new Error(
    `decide: none of the rules ${considered.join(', ')} applies. Add one that always does, with a high priority.`,
  )
}

/** The lists that are in order, and stay so because they are frozen. */
const ordered = new WeakSet<object>()

/** The rules by priority. Throws when two have the same id, so that an explanation names exactly one. */
export function inOrder<Facts extends object, Outcome>(
  rules: readonly Rule<Facts, Outcome>[],
): readonly Rule<Facts, Outcome>[] {
  if (ordered.has(rules)) return rules
  const ids = new Set<string>()
  for (const { id } of rules) {
    if (ids.has(id)) throw new TypeError(`decide: two rules have the id '${id}'. Rename one.`)
    ids.add(id)
  }
  const sorted = Object.freeze([...rules].sort((a, b) => a.priority - b.priority))
  ordered.add(sorted)
  return sorted
}

/** The decision as a text for a person: the rule, the reason, the fix, and the facts it rests on. */
export function explain<Facts extends object, Outcome>(decision: Decision<Facts, Outcome>): string {
  const { rule, because, fix, considered, facts } = decision
  return [
    `Rule ${rule.id}: ${rule.title}`,
    `Because: ${because}`,
    ...(fix ? [`Fix: ${fix}`] : []),
    `Source: ${rule.source}`,
    ...(considered.length > 0 ? [`Asked before, not applicable: ${considered.join(', ')}`] : []),
    'Facts:',
    ...flatten(facts).map(([path, value]) => `  ${path} = ${value}`),
  ].join('\n')
}

function flatten(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, part]): [string, string][] => {
    const name = path === '' ? key : `${path}.${key}`
    if (part instanceof Date) return [[name, part.toISOString()]]
    if (typeof part === 'object' && part !== null && !(Array.isArray(part) && part.length === 0)) {
      return flatten(part, name)
    }
    return [[name, Array.isArray(part) ? 'none' : part === undefined || part === null ? '—' : String(part)]]
  })
}
