import {
  type ColumnValue,
  type EntityReference,
  isEntityReference,
  logicalNameOf,
  type OrganizationService,
  type QueryExpression,
  type QueryResult,
  type RequestOptions,
  type Row,
  type RowKey,
  type TableRef,
  type VersionedOptions,
  type WriteRequest,
} from '../../service/index.ts'
import { withAliases } from '../query/result-shape.ts'
import { mapChanges, mapChangesRequest } from './map-changes.ts'
import { mapQuery, mapResult } from './map-query.ts'
import { createTranslator, type SchemaMap, type Translation, type Translator } from './schema-map.ts'

/**
 * A service in our words on top of one in theirs: tables, columns, choice values and relationships are translated on the way
 * in and back on the way out. Rows in the parameters of messages other than `ExecuteTransaction`,
 * `RetrieveEntityChanges` and the `…Multiple` ones keep their columns, because nothing says of which table they are; references in them are translated.
 */
export function mapService(theirs: OrganizationService, map: SchemaMap): OrganizationService {
  const translator = createTranslator(map)
  const { toTheirs, toOurs } = translator
  const nameOf = (table: TableRef) => toTheirs.table(logicalNameOf(table))
  const rowOf = (table: TableRef, row: Row) => toTheirs.row(logicalNameOf(table), row)
  const keyOf = (table: TableRef, key: RowKey) => mapKey(translator, logicalNameOf(table), key)

  return {
    create: (table: TableRef, row: Row, options?: RequestOptions) =>
      theirs.create<string>(nameOf(table), rowOf(table, row), options),

    async retrieve(table: TableRef, key: RowKey, columns?: readonly string[], options?: RequestOptions) {
      const ours = logicalNameOf(table)
      const asked = columns?.map((column) => toTheirs.column(ours, column))
      const row = await theirs.retrieve<string, string>(nameOf(table), keyOf(table, key), asked as string[], options)
      return toOurs.row(ours, row)
    },

    update: (table: TableRef, key: RowKey, changes: Row, options?: VersionedOptions) =>
      theirs.update<string>(nameOf(table), keyOf(table, key), rowOf(table, changes), options),

    upsert: (table: TableRef, key: RowKey, row: Row, options?: RequestOptions) =>
      theirs.upsert<string>(nameOf(table), keyOf(table, key), rowOf(table, row), options),

    delete: (table: TableRef, key: RowKey, options?: VersionedOptions) =>
      theirs.delete(nameOf(table), keyOf(table, key), options),

    async retrieveMultiple(query: QueryExpression, options?: RequestOptions): Promise<QueryResult> {
      const named = withAliases(query)
      const answer = await theirs.retrieveMultiple(mapQuery(translator, named), options)
      return { ...answer, rows: answer.rows.map((row) => mapResult(translator, named, row)) }
    },

    associate: (table, id, relationship, related, options) =>
      theirs.associate(
        nameOf(table),
        id,
        translator.relationship(logicalNameOf(table), relationship),
        related.map(toTheirs.reference),
        options,
      ),

    disassociate: (table, id, relationship, related, options) =>
      theirs.disassociate(
        nameOf(table),
        id,
        translator.relationship(logicalNameOf(table), relationship),
        related.map(toTheirs.reference),
        options,
      ),

    async execute(message: string, parameters?: Readonly<Record<string, unknown>>, options?: RequestOptions) {
      const given = parameters && mapParameters(translator, message, parameters)
      if (message === 'RetrieveEntityChanges' && parameters) {
        return mapChanges(translator, String(parameters.EntityName), await theirs.execute(message, given, options))
      }
      return mapReferences(await theirs.execute(message, given, options), toOurs) as Readonly<Record<string, unknown>>
    },
    // The contract's types follow from the tables given; here a table is a name, and a row holds anything.
  } as OrganizationService
}

export function mapKey({ toTheirs }: Translator, table: string, key: RowKey): RowKey {
  return typeof key === 'string' ? key : (toTheirs.row(table, key as Row) as Readonly<Record<string, ColumnValue>>)
}

function mapParameters(
  translator: Translator,
  message: string,
  given: Readonly<Record<string, unknown>>,
): typeof given {
  const { toTheirs } = translator
  if (message === 'ExecuteTransaction') {
    return {
      ...given,
      Requests: (given.Requests as readonly WriteRequest[]).map((write) => mapWrite(translator, write)),
    }
  }
  if (message === 'RetrieveEntityChanges') return mapChangesRequest(translator, given)
  const { EntityName, Targets } = given
  if (typeof EntityName === 'string' && Array.isArray(Targets)) {
    const rows = (Targets as readonly Row[]).map((row) => toTheirs.row(EntityName, row))
    return { ...given, EntityName: toTheirs.table(EntityName), Targets: rows }
  }
  return mapReferences(given, toTheirs) as typeof given
}

function mapWrite(translator: Translator, write: WriteRequest): WriteRequest {
  const { toTheirs } = translator
  const table = logicalNameOf(write.table)
  return {
    ...write,
    table: toTheirs.table(table),
    ...('row' in write ? { row: toTheirs.row(table, write.row) } : {}),
    ...('changes' in write ? { changes: toTheirs.row(table, write.changes) } : {}),
    ...('key' in write ? { key: mapKey(translator, table, write.key) } : {}),
  } as WriteRequest
}

/** Translates the references in a value, however deep. */
function mapReferences(value: unknown, to: Translation): unknown {
  if (isEntityReference(value)) return to.reference(value as EntityReference)
  if (Array.isArray(value)) return value.map((part) => mapReferences(part, to))
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapReferences(part, to)]))
}
