import type { TableDefinition } from '../../src/entities/index.ts'
import type { ODataNavigation, ODataScope } from '../../src/query/index.ts'

/** The names of tables as a Web API would give them: lookups as `_column_value`, and every relationship a property. */
export function scopeOf(table: TableDefinition, tables: readonly TableDefinition[]): ODataScope {
  const find = (name: string) => tables.find(({ logicalName }) => logicalName === name)!
  const properties = new Map(
    Object.entries(table.columns).map(([name, { type }]) => [type === 'lookup' ? `_${name}_value` : name, name]),
  )
  const navigations = new Map<string, ODataNavigation>()
  for (const [column, definition] of Object.entries(table.columns)) {
    if (definition.type !== 'lookup') continue
    const [to] = definition.targets
    const target = definition.targets.length === 1 ? find(to!) : undefined
    navigations.set(column, {
      name: column,
      collection: false,
      joins: target ? [{ table: to!, from: target.primaryKey, to: column }] : [],
      target: () => target && scopeOf(target, tables),
    })
  }
  for (const other of tables) {
    for (const [name, { to, column }] of Object.entries(other.manyToOne)) {
      if (to !== table.logicalName) continue
      const join = { table: other.logicalName, from: column, to: table.primaryKey }
      navigations.set(name, { name, collection: true, joins: [join], target: () => scopeOf(other, tables) })
    }
    for (const [name, { to, intersect }] of Object.entries(other.manyToMany)) {
      const far = other === table ? to : to === table.logicalName ? other.logicalName : undefined
      if (far === undefined) continue
      const [mine, theirs] = [table.primaryKey, find(far).primaryKey]
      navigations.set(name, {
        name,
        collection: true,
        joins: [
          { table: intersect, from: mine, to: mine },
          { table: far, from: theirs, to: theirs },
        ],
        target: () => scopeOf(find(far), tables),
      })
    }
  }
  return {
    definition: table,
    columnOf: (property) => properties.get(property),
    navigation: (property) => navigations.get(property),
  }
}
