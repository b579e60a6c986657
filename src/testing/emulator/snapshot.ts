import { AsyncOperation } from '../../entities/async-operation.ts'
import { FileAttachment } from '../../entities/file-attachment.ts'
import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import { isGuid } from '../../internal/ids.ts'
import type { PendingContext } from '../../plugins/index.ts'
import { idOf, layoutOf, type StoredRow, type StoredValue } from '../../query/index.ts'
import { isEntityReference } from '../../service/index.ts'
import type { Counters, Environment } from './environment.ts'
import { BYTES } from './files.ts'
import { decodeGraph, encodeGraph } from './json-graph.ts'
import type { Schema } from './schema.ts'
import {
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
  type Snapshot,
  SnapshotError,
  type SnapshotJob,
  type SnapshotTable,
} from './snapshot-file.ts'
import { decodeSchema, encodeSchema, isSchema } from './snapshot-schema.ts'
import { Store } from './store.ts'
import { type StepWork, WORK, type Work } from './system-jobs.ts'

/** Everything that an environment holds, as a document. To be called while no transaction is open. */
export function takeSnapshot(environment: Environment): Snapshot {
  const { schema, store, clock, counters } = environment
  const tables: Record<string, SnapshotTable> = {}
  const files: Record<string, string> = {}
  const jobs: Record<string, SnapshotJob> = {}
  for (const table of schema.all()) {
    const rows = [...store.scan(table.logicalName)].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
    if (rows.length === 0) continue
    const { columns } = layoutOf(table)
    tables[table.logicalName] = {
      columns: columnTypes(table),
      rows: rows.map((row) => columns.map((column, at) => encodeCell(column, row[at] ?? null))),
    }
    for (const row of rows) {
      if (table === FileAttachment) files[idOf(row)] = encodeFile(row)
      const job = table === AsyncOperation ? encodeJob(row) : undefined
      if (job) jobs[idOf(row)] = job
    }
  }
  const { rowVersion, nextId, autonumbers } = counters
  const changes = encodeSchema(environment)
  return {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    now: clock.now().toISOString(),
    running: clock.running,
    counters: { rowVersion, nextId, autonumbers: Object.fromEntries(autonumbers) },
    ...(changes && { schema: changes }),
    tables,
    files,
    jobs,
  }
}

/** What a snapshot says, ready to be put in the place of what an environment has. */
export interface ReadSnapshot {
  readonly schema: Schema
  readonly optionSets: Environment['optionSets']
  readonly store: Store
  readonly counters: Counters
  readonly now: Date
  readonly running: boolean
}

/**
 * Reads a snapshot for an environment that was made of these tables and steps. Throws a {@link SnapshotError} when it is
 * malformed, or of other tables: nothing is dropped in silence.
 *
 * @param indexes further columns to index, by table
 */
export function readSnapshot(
  document: unknown,
  { declared, steps }: Pick<Environment, 'declared' | 'steps'>,
  indexes?: Readonly<Record<string, readonly string[]>>,
): ReadSnapshot {
  const snapshot = checkParts(document)
  const { schema, optionSets } = decodeSchema(snapshot, declared, indexes)
  const store = Store.empty(schema)
  for (const [name, content] of Object.entries(snapshot.tables)) {
    if (!schema.has(name)) {
      throw new SnapshotError('different', `The snapshot has rows of '${name}', and there is no such table here.`)
    }
    const table = schema.table(name)
    refuseOtherColumns(table, content)
    // The columns may stand in another order there.
    const there = Object.keys(content.columns)
    const order = layoutOf(table).names.map((column) => there.indexOf(column))
    for (const [index, cells] of content.rows.entries()) {
      const row = decodeRow(table, order, cells, `row ${index + 1} of '${name}'`)
      if (store.get(name, idOf(row))) throw malformed(`'${name}' has two rows with the id ${idOf(row)}.`)
      if (table === FileAttachment) row[BYTES] = decodeFile(snapshot, idOf(row))
      store.put(table, row)
    }
  }
  for (const [id, job] of Object.entries(snapshot.jobs)) {
    const row = store.get(AsyncOperation.logicalName, id)
    if (!row) throw malformed(`it has a job ${id}, and no row of 'asyncoperation' with this id.`)
    const step = steps.steps.find(({ name }) => name === job.step)
    if (!step) {
      throw new SnapshotError(
        'different',
        `In the snapshot the step '${job.step}' waits, which is not registered here.`,
      )
    }
    const cells = [...row]
    cells[WORK] = Object.freeze({ step, context: decodeContext(job.context, id) } satisfies StepWork) as never
    store.put(AsyncOperation, cells)
  }
  const { rowVersion, nextId, autonumbers } = snapshot.counters
  return {
    schema,
    optionSets,
    store,
    counters: { rowVersion, nextId, autonumbers: new Map(Object.entries(autonumbers)) },
    now: new Date(snapshot.now),
    running: snapshot.running,
  }
}

function columnTypes(table: TableDefinition): Record<string, string> {
  const { names, columns } = layoutOf(table)
  return Object.fromEntries(names.map((name, at) => [name, columns[at]!.type]))
}

function refuseOtherColumns(table: TableDefinition, { columns }: SnapshotTable): void {
  const here = columnTypes(table)
  const names = Object.keys(here)
  const differences = [
    ...names.filter((name) => !Object.hasOwn(columns, name)).map((name) => `'${name}' is missing in the snapshot`),
    ...Object.keys(columns)
      .filter((name) => !Object.hasOwn(here, name))
      .map((name) => `there is no '${name}' here`),
    ...names
      .filter((name) => Object.hasOwn(columns, name) && columns[name] !== here[name])
      .map((name) => `'${name}' is ${here[name]} here and ${columns[name]} in the snapshot`),
  ]
  if (differences.length === 0) return
  const shown =
    differences.slice(0, 5).join('; ') + (differences.length > 5 ? `; and ${differences.length - 5} more` : '')
  throw new SnapshotError(
    'different',
    `The snapshot has another table '${table.logicalName}': ${shown}. Take it again from an environment with these tables.`,
  )
}

function encodeCell({ type }: ColumnDefinition, value: StoredValue): unknown {
  return type === 'dateTime' && value !== null ? new Date(value as number).toISOString() : value
}

function decodeRow(
  table: TableDefinition,
  order: readonly number[],
  cells: readonly unknown[],
  where: string,
): StoredValue[] {
  const { names, columns } = layoutOf(table)
  if (!Array.isArray(cells) || cells.length !== names.length) {
    throw malformed(`${where} has not one value for each of its ${names.length} columns.`)
  }
  return order.map((from, at) => {
    const value = cells[from]
    const decoded = value === null ? null : decodeCell(columns[at]!, value)
    if (decoded === undefined || (at === 0 && !isGuid(decoded))) {
      throw malformed(`the column '${names[at]}' (${columns[at]!.type}) of ${where} has ${JSON.stringify(value)}.`)
    }
    return decoded
  })
}

/** The value as it is kept; `undefined`: it is none for such a column. */
function decodeCell({ type }: ColumnDefinition, value: unknown): StoredValue | undefined {
  switch (type) {
    case 'dateTime': {
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
      return Number.isNaN(time) ? undefined : time
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'float':
    case 'money':
    case 'choice':
    case 'state':
    case 'status':
      return typeof value === 'number' ? value : undefined
    case 'multiChoice':
      return Array.isArray(value) && value.every(Number.isInteger) ? Object.freeze([...value]) : undefined
    case 'lookup':
      return isEntityReference(value) && isGuid(value.id) ? Object.freeze({ ...value }) : undefined
    default:
      return typeof value === 'string' ? value : undefined
  }
}

function encodeFile(row: StoredRow): string {
  const { bytes } = row[BYTES] as unknown as { readonly bytes: Uint8Array }
  return Buffer.from(bytes).toString('base64')
}

function decodeFile({ files }: Snapshot, id: string): never {
  const content = Object.hasOwn(files, id) ? files[id] : undefined
  if (typeof content !== 'string') throw malformed(`the file ${id} has no content.`)
  return Object.freeze({ bytes: new Uint8Array(Buffer.from(content, 'base64')) }) as never
}

/** The step that waits in a system job; `undefined`: the job is over. */
function encodeJob(row: StoredRow): SnapshotJob | undefined {
  const work = row[WORK] as unknown as Work | undefined
  const { positions } = layoutOf(AsyncOperation)
  const state = row[positions.get('statecode')!]
  if (work === undefined || state === 3) return undefined
  const name = row[positions.get('name')!]
  if (state === 2) {
    throw new SnapshotError('busy', `The system job '${name}' is running. Take the snapshot when the drain is over.`)
  }
  if (!('step' in work)) {
    throw new SnapshotError('busy', `The system job '${name}' waits, and is no step that could be kept. Drain first.`)
  }
  return { step: work.step.name, context: encodeContext(work.context) }
}

// A target's and an image's id is a property of its own, which need not be one of the row's columns.

function encodeContext({ target, preImage, postImage, ...rest }: PendingContext): unknown {
  const row = (value: (object & { readonly id?: unknown }) | undefined) =>
    value && { row: encodeGraph({ ...value }), id: value.id ?? null, isColumn: Object.hasOwn({ ...value }, 'id') }
  return { rest: encodeGraph(rest), target: row(target), preImage: row(preImage), postImage: row(postImage) }
}

function decodeContext(context: unknown, job: string): PendingContext {
  try {
    return toContext(context as Record<string, unknown>)
  } catch (error) {
    if (error instanceof SnapshotError) throw error
    throw malformed(`the 'context' of the job ${job} cannot be read.`)
  }
}

function toContext({ rest, ...rows }: Record<string, unknown>): PendingContext {
  const row = (name: string) => {
    const kept = rows[name] as { readonly row: unknown; readonly id: unknown; readonly isColumn: boolean } | undefined
    if (!kept) return undefined
    return Object.defineProperty(decodeGraph(kept.row) as object, 'id', {
      value: kept.id ?? undefined,
      enumerable: kept.isColumn,
    })
  }
  const parts = decodeGraph(rest) as Partial<PendingContext>
  // The least that a step may count on; the rest is as it was written.
  if (!(parts.operationCreatedOn instanceof Date) || !parts.sharedVariables || !rows.target) throw new TypeError()
  return {
    ...parts,
    target: Object.freeze(row('target')),
    preImage: row('preImage'),
    postImage: row('postImage'),
  } as PendingContext
}

function malformed(what: string): SnapshotError {
  return new SnapshotError('malformed', `This is no snapshot of an environment: ${what}`)
}

function checkParts(document: unknown): Snapshot {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(document) || document.format !== SNAPSHOT_FORMAT) {
    throw malformed(`its 'format' is not '${SNAPSHOT_FORMAT}'.`)
  }
  if (document.version !== SNAPSHOT_VERSION) {
    throw new SnapshotError(
      'different',
      `The snapshot is of version ${JSON.stringify(document.version)}, and this emulator reads version ${SNAPSHOT_VERSION}. Take it again.`,
    )
  }
  for (const name of ['counters', 'tables', 'files', 'jobs'] as const) {
    if (!isObject(document[name])) throw malformed(`'${name}' is no object.`)
  }
  if (document.schema !== undefined && !isSchema(document.schema)) {
    throw malformed(`'schema' has no 'tables', 'removedTables' and 'optionSets'.`)
  }
  for (const [name, table] of Object.entries(document.tables as object)) {
    if (!isObject(table) || !isObject(table.columns) || !Array.isArray(table.rows)) {
      throw malformed(`the table '${name}' has no 'columns' and 'rows'.`)
    }
  }
  const snapshot = document as unknown as Snapshot
  const { rowVersion, nextId, autonumbers } = snapshot.counters
  const counts = [rowVersion, nextId, ...(isObject(autonumbers) ? Object.values(autonumbers) : [undefined])]
  if (!counts.every((count) => Number.isSafeInteger(count))) throw malformed(`'counters' are no whole numbers.`)
  if (typeof snapshot.now !== 'string' || Number.isNaN(Date.parse(snapshot.now))) throw malformed(`'now' is no moment.`)
  if (typeof snapshot.running !== 'boolean') throw malformed(`'running' is neither true nor false.`)
  return snapshot
}
