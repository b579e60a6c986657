import type { TableDefinition } from '../../../entities/index.ts'
import { intersectColumns } from '../../../entities/intersect-columns.ts'
import { idOf, layoutOf } from '../../../query/index.ts'
import { dataverseError, type EntityReference, reference } from '../../../service/index.ts'
import { isReference, isString, refuseNoArray } from '../arguments.ts'
import type { Call, MessageHandler } from '../call.ts'
import { findRow } from '../keys.ts'
import { refuseMissing } from '../write-row.ts'

/**
 * Links or unlinks rows. In a 1:N relationship the related row's lookup is set; in an N:N one a row of the intersect
 * table comes or goes.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export function associate(
  call: Call,
  message: 'Associate' | 'Disassociate',
  table: TableDefinition,
  id: string,
  relationship: string,
  related: readonly EntityReference[],
): MessageHandler<object> {
  if (!isString(relationship)) throw dataverseError('InvalidArgument', { reason: 'A relationship is a schema name.' })
  refuseNoArray('Related rows', related, isReference, 'references')
  const row = idOf(findRow(call.view, table, id))
  const link = relationshipOf(call, table, relationship)
  return {
    message,
    table: null,
    id: row,
    target: Object.freeze(reference(table.logicalName, row)),
    inputParameters: { Relationship: relationship, RelatedEntities: related },
    main: async (view) => {
      const others = related.map(({ logicalName, id }) => ({ logicalName, id: id.toLowerCase() }))
      for (const other of others) refuseMissing(view, other)
      for (const other of others) await link(message === 'Associate', row, other)
      return {}
    },
  }
}

type LinkRows = (together: boolean, id: string, other: EntityReference) => Promise<unknown>

function relationshipOf(call: Call, table: TableDefinition, name: string): LinkRows {
  const { schema } = call.environment
  const toMany = schema.referrersOf(table.logicalName).find((relationship) => relationship.name === name)
  if (toMany) {
    const mine = (id: string) => reference(table.logicalName, id)
    return async (together, id, other) => {
      if (!together && !refersTo(call, other, toMany.column, mine(id))) return
      await call.nested().update(other.logicalName, other.id, { [toMany.column]: together ? mine(id) : null })
    }
  }
  const toOne = table.manyToOne[name]
  if (toOne) {
    return async (together, id, other) => {
      if (!together && !refersTo(call, reference(table.logicalName, id), toOne.column, other)) return
      await call.nested().update(table.logicalName, id, { [toOne.column]: together ? other : null })
    }
  }
  const intersect = schema.intersectOf(name)
  if (intersect) return (together, id, other) => linkThrough(call, intersect, together, table, id, other)
  throw dataverseError('InvalidArgument', {
    reason: `'${table.logicalName}' has no relationship with the schema name '${name}'.`,
  })
}

/** Whether the row's lookup refers to the other one. Unlinking what is not linked changes nothing. */
function refersTo(call: Call, row: EntityReference, column: string, other: EntityReference): boolean {
  const { positions } = layoutOf(call.view.definition(row.logicalName))
  const value = call.view.get(row.logicalName, row.id)?.[positions.get(column)!] as EntityReference | null | undefined
  return value?.id === other.id && value.logicalName === other.logicalName
}

/** An intersect row has the ids of both rows and no life of its own. */
async function linkThrough(
  call: Call,
  intersect: TableDefinition,
  together: boolean,
  table: TableDefinition,
  id: string,
  other: EntityReference,
): Promise<void> {
  const { view } = call
  const [mine, theirs] = intersectColumns(table.logicalName, other.logicalName)
  if (!Object.hasOwn(intersect.columns, mine) || !Object.hasOwn(intersect.columns, theirs)) {
    throw dataverseError('InvalidArgument', {
      reason: `'${table.logicalName}' and '${other.logicalName}' are not the tables of the relationship '${intersect.displayName}'.`,
    })
  }
  const { positions } = layoutOf(intersect)
  const theirsAt = positions.get(theirs)!
  const existing = view.find(intersect.logicalName, positions.get(mine)!, id).find((row) => row[theirsAt] === other.id)
  if (together && existing) throw dataverseError('DuplicateRecord', {})
  if (together) await call.nested().create(intersect.logicalName, { [mine]: id, [theirs]: other.id })
  else if (existing) await call.nested().delete(intersect.logicalName, idOf(existing))
}
