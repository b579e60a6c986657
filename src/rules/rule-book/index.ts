import { agreements } from './agreements.ts'
import { creditHold } from './credit-hold.ts'
import type { Chapter, DocumentedRule } from './documented-rule.ts'
import { interworks } from './interworks.ts'
import { licenseChangeLogs } from './license-change-logs.ts'
import { portal } from './portal.ts'
import { providerAccounts } from './provider-accounts.ts'

export type { Chapter, DocumentedRule } from './documented-rule.ts'

/** Every documented behaviour that this package carries out, by chapter. `docs/rules.md` is made from it. */
export const ruleBook = Object.freeze([
  { title: 'Portal orders', rules: portal },
  { title: 'License change logs', rules: licenseChangeLogs },
  { title: 'Credit hold', rules: creditHold },
  { title: 'Provider accounts', rules: providerAccounts },
  { title: 'Agreements', rules: agreements },
  { title: 'Orders of interworks.cloud', rules: interworks },
] as const satisfies readonly Chapter[])

/** The id of a documented rule, such as `P5`. */
export type RuleId = (typeof ruleBook)[number]['rules'][number]['id']

const byId = new Map<string, DocumentedRule>(ruleBook.flatMap(({ rules }) => rules.map((rule) => [rule.id, rule])))

/** The rule with this id. */
export function documentedRule(id: RuleId): DocumentedRule {
  return byId.get(id)!
}
