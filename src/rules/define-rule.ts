import { deepFreeze } from '../internal/freeze.ts'

/** A rule as data: when it applies, what then follows, and why, in words for a person. */
export interface Rule<Facts extends object, Outcome> {
  readonly kind: 'rule'
  /** The number under which the rule is documented, such as `P5`; unique among rules that decide together. */
  readonly id: string
  /** The rule in one sentence. */
  readonly title: string
  /** Where the rule is documented; `ours` for one that fills a gap in the documentation. */
  readonly source: string
  /** Rules are asked in ascending priority; the first that applies decides. */
  readonly priority: number
  when(facts: Facts): boolean
  then(facts: Facts): Outcome
  /** What about the facts made the rule apply. */
  because(facts: Facts): string
  /** What a person can do about it; absent where there is nothing to mend. */
  readonly fix: ((facts: Facts) => string) | undefined
}

export interface RuleOptions<Facts extends object, Outcome> {
  readonly id: string
  readonly title: string
  readonly source?: string
  /** Default 100. Built-in rules stand at multiples of 100 from 100 on; a lower number comes before them. */
  readonly priority?: number
  when(facts: Facts): boolean
  /** A fixed outcome, or one that follows from the facts. */
  readonly then: Outcome | ((facts: Facts) => Outcome)
  readonly because: string | ((facts: Facts) => string)
  readonly fix?: string | ((facts: Facts) => string)
}

/**
 * Describes a rule. `when`, `then`, `because` and `fix` are pure: they look at the facts and at nothing else.
 *
 * @example
 * const noTrialsAtNight = defineRule<ProvisioningFacts, ProvisioningOutcome>({
 *   id: 'X1',
 *   title: 'A trial waits for a person.',
 *   priority: 50,
 *   when: ({ subscription }) => subscription.isTrial,
 *   then: { status: 'Awaiting Provisioning', queue: false },
 *   because: 'The subscription is a trial.',
 *   fix: 'Approve the trial, then re-queue.',
 * })
 */
export function defineRule<Facts extends object, Outcome>(options: RuleOptions<Facts, Outcome>): Rule<Facts, Outcome> {
  const { id, title, source = 'ours', priority = 100, when, because, fix } = options
  if (!id || !title) throw new TypeError(`defineRule('${id ?? ''}'): a rule needs an id and a title.`)
  if (!Number.isFinite(priority)) throw new TypeError(`defineRule('${id}'): priority is ${priority}, not a number.`)
  return deepFreeze({
    kind: 'rule',
    id,
    title,
    source,
    priority,
    when,
    then: toFunction(options.then),
    because: toFunction(because),
    fix: fix === undefined ? undefined : toFunction(fix),
  })
}

function toFunction<Facts, Value>(value: Value | ((facts: Facts) => Value)): (facts: Facts) => Value {
  return typeof value === 'function' ? (value as (facts: Facts) => Value) : () => value
}
