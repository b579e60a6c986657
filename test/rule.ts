import { documentedRule, type RuleId } from '../src/rules/index.ts'

/** The title of the test that proves a documented rule: its id and its sentence. `docs/rules.md` finds the test by it. */
export function rule(id: RuleId): string {
  return `${id}: ${documentedRule(id).title}`
}
