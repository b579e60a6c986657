import { readFile } from 'node:fs/promises'
import type { TableDefinition } from '../../entities/index.ts'
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  parseSeedFile,
  type SeedFile,
  type SeedRows,
} from '../../testing/index.ts'
import { CommandFailure } from '../failure.ts'

/** Which environment is emulated. */
export interface EmulatedOptions {
  /** `work365`, `standard`, or a file with tables. */
  readonly tables: string
  /** A file with rows. */
  readonly seed?: string | undefined
  /** Whether the steps that belong to the tables run. */
  readonly steps: boolean
  /** Where the clock stands still. Left out: it runs. */
  readonly now?: string | undefined
}

/** What a server serves. */
export interface Emulated {
  readonly emulator: Emulator
  /** What of the files could not be had, each as a sentence. */
  readonly notes: readonly string[]
}

/** The emulator that a server serves. Rights are enforced: the administrator, who asks unless told otherwise, has all. */
export async function createEmulated({ tables: which, seed, steps, now }: EmulatedOptions): Promise<Emulated> {
  const { rows = {}, notes = [], ...parts } = await partsOf(which)
  const file = seed === undefined ? undefined : await readSeed(seed, parts.tables)
  const emulator = createEmulator({
    ...parts,
    steps: steps ? (parts.steps ?? []) : [],
    security: 'enforced',
    seed: file ? { ...file, rows: { ...rows, ...file.rows } } : rows,
    ...(now === undefined ? {} : { now: moment(now) }),
  })
  if (now === undefined) emulator.clock.run()
  return { emulator, notes }
}

async function readSeed(file: string, tables: readonly TableDefinition[]): Promise<SeedFile> {
  const text = await readFile(file, 'utf8')
  // Only an emulator knows the tables that hold the links of N:N relationships: a user's roles are such links.
  return parseSeedFile(text, file, createEmulator({ tables }).tables)
}

interface Parts extends Pick<EmulatorOptions, 'customApis' | 'steps'> {
  readonly tables: readonly TableDefinition[]
  readonly rows?: SeedRows
  readonly notes?: readonly string[]
}

// Each is loaded only where it is asked for, and all at once: a server is to start quickly.
async function partsOf(which: string): Promise<Parts> {
  if (which === 'standard') {
    const { standardTables, standardViews } = await import('../../entities/index.ts')
    return { tables: standardTables, rows: { savedquery: standardViews } }
  }
  if (which !== 'work365') return (await import('./tables-from-file.ts')).readTables(which)
  const [{ interworksTables, systemTables, work365Tables }, plugins] = await Promise.all([
    import('../../entities/index.ts'),
    import('../../plugins/index.ts'),
  ])
  return {
    tables: [...systemTables, ...work365Tables, ...interworksTables],
    steps: [...plugins.work365Steps, ...plugins.interworksSteps],
    customApis: [...plugins.work365CustomApis, ...plugins.interworksCustomApis],
    rows: plugins.interworksDefaults,
  }
}

function moment(text: string): Date {
  const date = new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw new CommandFailure(`--now is a moment such as 2026-03-01T09:00:00Z, not '${text}'.`)
}
