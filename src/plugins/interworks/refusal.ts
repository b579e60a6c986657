import type { RuleId } from '../../rules/index.ts'
import { InvalidPluginExecution } from '../../service/index.ts'

/** The refusal of something that a documented rule forbids: what is wrong, with its column, and what to do instead. */
export function refusal(rule: RuleId, problem: string, fix: string): InvalidPluginExecution {
  return new InvalidPluginExecution(`${problem} ${fix} (Rule ${rule}.)`)
}
