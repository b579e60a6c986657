import { column, defineTable, type TableDefinition } from '../entities/index.ts'
import type { ODataScope } from '../query/index.ts'

/** What users and teams are derived from, and so all that is known of an owner: a key. */
const Principal = defineTable({
  logicalName: 'principal',
  displayName: 'Principal',
  primaryKey: 'ownerid',
  primaryName: 'name',
  ownership: 'none',
  states: null,
  columns: { name: column.text({ label: 'Name' }) },
})

/** What can be named of an owner. */
export const principalScope: ODataScope = {
  definition: Principal,
  columnOf: (property) => (property === Principal.primaryKey ? property : undefined),
  navigation: () => undefined,
}

/** Whether rows of the table inherit their key from `principal`. */
export function isPrincipal({ logicalName, columns }: TableDefinition): boolean {
  return (logicalName === 'systemuser' || logicalName === 'team') && !Object.hasOwn(columns, Principal.primaryKey)
}
