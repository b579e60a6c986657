import type { Row } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import type { ReadPlan } from './read-plan.ts'

/** The members that expanding adds to each row. */
export async function expansionsOf(
  _exchange: Exchange,
  _plan: ReadPlan,
  _rows: readonly Row[],
  _of: { readonly single: boolean },
): Promise<readonly string[]> {
  return []
}
