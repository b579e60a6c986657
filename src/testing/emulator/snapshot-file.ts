import type { GlobalOptionSet } from '../../entities/index.ts'

/**
 * An environment as a JSON document: its rows, clock, counters, changes of its schema, and the asynchronous steps that wait.
 * `docs/snapshot.md` describes every part.
 */
export interface Snapshot {
  readonly format: typeof SNAPSHOT_FORMAT
  readonly version: typeof SNAPSHOT_VERSION
  /** What the clock showed. */
  readonly now: string
  /** Whether the clock ran with the machine's. */
  readonly running: boolean
  readonly counters: {
    readonly rowVersion: number
    readonly nextId: number
    /** The next number of each autonumber column, by `table.column`. */
    readonly autonumbers: Readonly<Record<string, number>>
  }
  /** What was changed about the schema since the environment was made; left out: nothing. */
  readonly schema?: SnapshotSchema
  /** The tables that have rows, by logical name. */
  readonly tables: Readonly<Record<string, SnapshotTable>>
  /** The contents of file columns in base64, by the id of their `fileattachment`. */
  readonly files: Readonly<Record<string, string>>
  /** The asynchronous steps that wait, by the id of their `asyncoperation`. */
  readonly jobs: Readonly<Record<string, SnapshotJob>>
}

export interface SnapshotSchema {
  /** The definitions of tables that are new or different, by logical name. */
  readonly tables: Readonly<Record<string, unknown>>
  /** The logical names of tables that are gone. */
  readonly removedTables: readonly string[]
  /** The choices that several columns share. */
  readonly optionSets: readonly GlobalOptionSet[]
}

export interface SnapshotTable {
  /** The types of the columns by their names, in the order in which they stand in the rows. */
  readonly columns: Readonly<Record<string, string>>
  /** The rows in the order of their ids: a value for each column, `null` where there is none. */
  readonly rows: readonly (readonly unknown[])[]
}

export interface SnapshotJob {
  /** The name of the step. */
  readonly step: string
  /** What the step is run with. */
  readonly context: unknown
}

export const SNAPSHOT_FORMAT = 'work365-emulator-snapshot'
export const SNAPSHOT_VERSION = 1

/** Why a snapshot cannot be taken, or cannot be put into an environment. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'

  constructor(
    /** `'busy'`: later it may go well; `'malformed'`: the document is none; `'different'`: it is of another environment. */
    readonly reason: 'busy' | 'malformed' | 'different',
    message: string,
  ) {
    super(message)
  }
}
