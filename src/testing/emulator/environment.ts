import type { GlobalOptionSet } from '../../entities/index.ts'
import type { CustomApi, Step } from '../../plugins/index.ts'
import type { StepStage } from '../../service/index.ts'
import type { TestClock } from '../clock.ts'
import type { SendCallback } from './background-operation.ts'
import type { DuplicateRule } from './duplicates.ts'
import type { Lock } from './lock.ts'
import type { Schema } from './schema.ts'
import type { Privileges } from './security/privileges.ts'
import type { Security } from './security/security.ts'
import type { Store } from './store.ts'
import type { TraceRecorder } from './trace.ts'

/** The identities that every environment has from the start. */
export interface Organization {
  readonly organizationId: string
  readonly businessUnitId: string
  /** Who calls unless somebody is impersonated. */
  readonly userId: string
  /** The role that allows everything. */
  readonly administratorRoleId: string
  /** The base currency. */
  readonly currencyId: string
}

/** Counters that go up and never down, not even when a transaction rolls back. */
export interface Counters {
  rowVersion: number
  nextId: number
  /** By `table.column`. */
  readonly autonumbers: Map<string, number>
}

/** Everything that one emulator shares among its requests; a fork has its own. */
export interface Environment {
  readonly schema: Schema
  /** The schema as `createEmulator` was told it: what snapshots say is different from it. */
  readonly declared: Schema
  /** Grows with every change of the schema. */
  readonly schemaVersion: number
  /** The choices that several columns share. */
  readonly optionSets: readonly GlobalOptionSet[]
  readonly steps: StepRegistry
  /** By unique name. */
  readonly customApis: ReadonlyMap<string, CustomApi>
  readonly store: Store
  readonly clock: TestClock
  readonly newId: () => string
  readonly random: () => number
  readonly counters: Counters
  readonly organization: Organization
  readonly lock: Lock
  readonly duplicateRules: readonly DuplicateRule[]
  /** All privileges there are. */
  readonly privileges: Privileges
  /** Only where security is enforced. */
  readonly security: Security | undefined
  readonly trace: TraceRecorder
  /** How the end of a background operation is told to a URL. */
  readonly sendCallback: SendCallback
}

/** The messages whose operations go through the pipeline. */
const RAISED: ReadonlySet<string> = new Set([
  'Create',
  'Retrieve',
  'RetrieveMultiple',
  'Update',
  'Delete',
  'Associate',
  'Disassociate',
  'Assign',
  'SetState',
])

/** Messages whose steps are of no table. */
const TABLELESS: ReadonlySet<string> = new Set(['Associate', 'Disassociate'])

/** The registered steps, ready in the order in which they run. */
export class StepRegistry {
  private readonly byEvent = new Map<string, readonly Step[]>()
  private readonly listening = new Map<string, Map<string | null, boolean>>()
  /** Whether any step listens to CreateMultiple or UpdateMultiple, which a single Create or Update is then one of. */
  readonly onSeveral: boolean

  /** `messages` names what else is raised: messages without a method of their own, and custom APIs. */
  constructor(
    readonly steps: readonly Step[],
    messages: ReadonlySet<string> = new Set(),
  ) {
    this.onSeveral = steps.some(({ message }) => message === 'CreateMultiple' || message === 'UpdateMultiple')
    const names = new Set<string>()
    for (const step of steps) {
      if (names.has(step.name)) {
        throw new TypeError(
          `createEmulator: two steps are called '${step.name}'. A step's name is its key; rename one.`,
        )
      }
      if (!RAISED.has(step.message) && !messages.has(step.message)) {
        throw new TypeError(
          `createEmulator: step '${step.name}' listens to ${step.message}, which the emulator does not raise: it would never run. Of a custom API, pass the definition in \`customApis\` too.`,
        )
      }
      if (TABLELESS.has(step.message) && step.table !== null) {
        throw new TypeError(
          `createEmulator: step '${step.name}' listens to ${step.message} of '${step.table}'. Steps on ${step.message} are of no table: leave it out, and look at \`target\`.`,
        )
      }
      names.add(step.name)
    }
  }

  /** By rank; where ranks are equal, in the order of registration. */
  in(message: string, table: string | null, stage: StepStage): readonly Step[] {
    const event = `${message}\0${table}\0${stage}`
    let steps = this.byEvent.get(event)
    if (!steps) {
      steps = this.steps
        .filter((step) => step.message === message && step.stage === stage && (step.table ?? table) === table)
        .sort((a, b) => a.rank - b.rank)
      this.byEvent.set(event, steps)
    }
    return steps
  }

  /** Whether any step listens to the message on the table. */
  has(message: string, table: string | null): boolean {
    if (this.steps.length === 0) return false
    let tables = this.listening.get(message)
    if (!tables) {
      tables = new Map()
      this.listening.set(message, tables)
    }
    let listens = tables.get(table)
    if (listens === undefined) {
      listens = this.steps.some((step) => step.message === message && (step.table ?? table) === table)
      tables.set(table, listens)
    }
    return listens
  }
}
