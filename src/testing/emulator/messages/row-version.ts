import type { TableDefinition } from '../../../entities/index.ts'
import { layoutOf, type StoredRow } from '../../../query/index.ts'
import { dataverseError } from '../../../service/index.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/optimistic-concurrency */
export function refuseOtherVersion(table: TableDefinition, row: StoredRow, expected: number | undefined): void {
  if (expected === undefined) return
  const version = row[layoutOf(table).positions.get('versionnumber')!]
  if (version !== expected) throw dataverseError('ConcurrencyVersionMismatch', {})
}
