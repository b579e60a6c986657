import type { MetadataChange, MetadataStore, TableDefinition } from '../../entities/index.ts'
// Straight from its file: the whole of `entities` and `plugins` would make importing the emulator slow.
import { Privilege } from '../../entities/privilege.ts'
import { systemTables } from '../../entities/system-tables.ts'
import type { CustomApi, Step } from '../../plugins/index.ts'
import { select } from '../../query/index.ts'
import {
  type ColumnOf,
  type CreateOf,
  dataverseError,
  type OrganizationService,
  type Row,
  type Selected,
  type TableRef,
} from '../../service/index.ts'
import { createTestClock, type TestClock } from '../clock.ts'
import type { SeedFile } from '../seed-file.ts'
import { postCallback, type SendCallback } from './background-operation.ts'
import { changedSchema, storeFor } from './change-schema.ts'
import { type DuplicateRule, refuseWrongRules } from './duplicates.ts'
import { type Counters, type Environment, StepRegistry } from './environment.ts'
import { Lock } from './lock.ts'
import { messagesByName } from './messages/messages.ts'
import { organization, organizationRows } from './organization.ts'
import { Schema } from './schema.ts'
import { privilegeRow } from './security/privilege-row.ts'
import { Privileges } from './security/privileges.ts'
import { type RoleDefinition, roleHolderRows, roleRows } from './security/roles.ts'
import { Security } from './security/security.ts'
import { type SeedRows, seedRows } from './seed.ts'
import { createService } from './service.ts'
import { ServiceProtection, type ServiceProtectionLimits } from './service-protection.ts'
import type { Session } from './session.ts'
import { readSnapshot, takeSnapshot } from './snapshot.ts'
import type { Snapshot } from './snapshot-file.ts'
import { Store } from './store.ts'
import { drainSystemJobs, type SystemJobRun } from './system-jobs.ts'
import { type Trace, TraceRecorder } from './trace.ts'

export interface EmulatorOptions {
  /** The tables, beside the platform's own, which are always there. */
  readonly tables?: readonly TableDefinition[]
  /** The plug-in steps, in the order in which steps of equal rank run. */
  readonly steps?: readonly Step[]
  /** The custom APIs, to be called by `execute` with their unique names. */
  readonly customApis?: readonly CustomApi[]
  /**
   * Whether roles, teams, shares and column security profiles decide what users may do. Default `'off'`: everybody may
   * do everything.
   */
  readonly security?: 'off' | 'enforced'
  /** Security roles to begin with. The administrator has one that allows everything. */
  readonly roles?: readonly RoleDefinition[]
  /** When rows count as duplicates, for requests that turn detection on. */
  readonly duplicateRules?: readonly DuplicateRule[]
  /**
   * Whether users who ask for too much get a 429, and what is too much. Default `false`; `true`: the platform's limits.
   * `setServiceProtection` changes it.
   */
  readonly serviceProtection?: boolean | ServiceProtectionLimits
  /** Rows to begin with, by logical name of their table, or a file that was read; `reset()` comes back to them. */
  readonly seed?: SeedRows | SeedFile
  /** The moment to begin at. The clock stands still there until it is turned. Default: the moment of the call. */
  readonly now?: Date | string
  /** Further columns to index, by table; keys and lookups always are. */
  readonly indexes?: Readonly<Record<string, readonly string[]>>
  /** Makes the ids of new rows. Default: GUIDs that count up, the same in every run. */
  readonly ids?: () => string
  /** Numbers from 0 to 1 for random parts of autonumbers. Default: `Math.random`. */
  readonly random?: () => number
  /**
   * How the end of a background operation is told to the URL that its caller gave. Default: by an HTTP POST, awaited by
   * `drain`; what fails is noted in the trace.
   */
  readonly sendCallback?: SendCallback
}

/**
 * A Dataverse environment in memory. It is an {@link OrganizationService}; what is asked of it directly is asked by
 * its administrator.
 */
export interface Emulator extends OrganizationService {
  /**
   * The same environment as another user. Rows say who really wrote them in their `…onbehalfby` columns: `callerId`, by
   * default the administrator; give the user's own id for somebody who calls for themselves.
   */
  as(userId: string, callerId?: string): OrganizationService
  /**
   * Puts rows into the store without running steps. Platform defaults are added and every value is checked; columns
   * that only the platform writes may be given. Answers the id, or the ids.
   */
  seed<T extends TableRef>(table: T, row: CreateOf<T>): Promise<string>
  seed<T extends TableRef>(table: T, rows: readonly CreateOf<T>[]): Promise<string[]>
  /** Adds a security role, and gives it to its users and teams. Answers its id. */
  seedRole(role: RoleDefinition): Promise<string>
  /** Limits what users may ask for from now on, counting from zero; `false`: no limits. */
  setServiceProtection(limits: boolean | ServiceProtectionLimits): void
  /**
   * What a user, by default the administrator, may still ask for before it is told to wait; `undefined`: there are no
   * limits.
   */
  remainingUsage(userId?: string): { readonly requests: number; readonly executionTimeMs: number } | undefined
  /** All rows of a table in order of their ids, at most 5000. */
  list<T extends TableRef, const C extends ColumnOf<T> = ColumnOf<T>>(
    table: T,
    columns?: readonly C[],
  ): Promise<Selected<T, C>[]>
  /** Runs the asynchronous steps that are due, and those that they set off, and answers what ran. */
  drain(): Promise<SystemJobRun[]>
  /** An environment with the same rows and its own future. Takes constant time. */
  fork(): Emulator
  /** Back to how the environment was when `createEmulator` or `fork` made it. Takes constant time. */
  reset(): void
  /**
   * All that the environment holds, as a document that can be kept as JSON: see `docs/snapshot.md`. Rejects with a
   * `SnapshotError` while system jobs run, or wait that are no steps.
   */
  snapshot(): Promise<Snapshot>
  /**
   * Puts a snapshot in the place of everything that is there, clock and counters included. Rejects with a `SnapshotError`,
   * and leaves all as it was, when the document is malformed or of other tables or steps. `reset()` still comes back to
   * how the environment was made.
   */
  restore(snapshot: Snapshot): Promise<void>
  /** The clock of the environment, to be turned by hand. */
  readonly clock: TestClock
  /** What ran so far. */
  readonly trace: Trace
  readonly tables: readonly TableDefinition[]
  /** The tables as they can be changed while the environment runs; forks, and `reset`, have their own. */
  readonly metadata: MetadataStore
  readonly steps: readonly Step[]
  readonly customApis: readonly CustomApi[]
  /** The ids of the organization, its business unit and its administrator. */
  readonly organization: typeof organization
}

/**
 * Makes an empty Dataverse environment in memory: the platform's tables and yours, its defaults and checks, its event
 * pipeline with your steps, real transactions.
 *
 * What it does differently from Dataverse is listed in `docs/emulator-differences.md`; what it cannot do fails by name.
 *
 * @example
 * const dataverse = createEmulator({ tables: [Account, Project], steps: [refuseNegativeBudget] })
 * const id = await dataverse.create(Project, { new_name: 'Bridge' })
 */
export function createEmulator({ seed, ...options }: EmulatorOptions = {}): Emulator {
  const schema = new Schema([...systemTables, ...(options.tables ?? [])], options.indexes)
  refuseWrongRules(schema, options.duplicateRules ?? [])
  const counters: Counters = { rowVersion: 1000, nextId: 0, autonumbers: new Map() }
  const customApis = customApisByName(options.customApis ?? [], schema)
  const environment = createEnvironment(options, {
    schema,
    declared: schema,
    privileges: new Privileges(schema, privilegesOf(customApis)),
    customApis,
    steps: new StepRegistry(options.steps ?? [], new Set([...customApis.keys(), ...messagesByName.keys()])),
    store: Store.empty(schema),
    clock: createTestClock(options.now),
    counters,
  })
  for (const privilege of environment.privileges.all()) environment.store.put(Privilege, privilegeRow(privilege))
  seedRows(environment, organizationRows)
  const roles = (options.roles ?? []).map((role) => ({ ...role, id: role.id ?? environment.newId() }))
  for (const role of roles) seedRows(environment, roleRows(environment, role))
  if (seed) seedWith(environment, seed)
  for (const role of roles) seedRows(environment, roleHolderRows(role))
  return emulatorOf(options, environment)
}

function customApisByName(customApis: readonly CustomApi[], schema: Schema): ReadonlyMap<string, CustomApi> {
  const byName = new Map<string, CustomApi>()
  for (const api of customApis) {
    const { uniqueName, table } = api
    if (byName.has(uniqueName)) {
      throw new TypeError(`createEmulator: two custom APIs are called '${uniqueName}'. Rename one.`)
    }
    if (table !== null && !schema.has(table)) {
      throw new TypeError(
        `createEmulator: custom API '${uniqueName}' is bound to '${table}', which is not one of the tables. Pass its definition in \`tables\`.`,
      )
    }
    byName.set(uniqueName, api)
  }
  return byName
}

function seedWith(environment: Environment, seed: SeedRows | SeedFile): void {
  if (isSeedFile(seed)) seedRows(environment, seed.rows, seed.locate)
  else seedRows(environment, seed)
}

function isSeedFile(seed: SeedRows | SeedFile): seed is SeedFile {
  return typeof seed.locate === 'function'
}

type Parts = Pick<
  Environment,
  'schema' | 'declared' | 'privileges' | 'steps' | 'customApis' | 'store' | 'clock' | 'counters'
> &
  Partial<Pick<Environment, 'schemaVersion' | 'optionSets'>>

function createEnvironment(options: EmulatorOptions, parts: Parts): Environment {
  const { ids, random = Math.random, security, duplicateRules = [], sendCallback = postCallback } = options
  const { counters, schema, privileges } = parts
  return {
    schemaVersion: 1,
    optionSets: [],
    ...parts,
    security: security === 'enforced' ? new Security(schema, privileges) : undefined,
    newId: ids ?? (() => guid(++counters.nextId)),
    random,
    duplicateRules,
    organization,
    lock: new Lock(),
    trace: new TraceRecorder(parts.clock.time),
    sendCallback,
  }
}

/** Ids that count up sort in order of creation, as the platform's sequential GUIDs do. */
function guid(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
}

function forkOf(
  options: EmulatorOptions,
  { schema, declared, privileges, steps, customApis, store, clock, counters, schemaVersion, optionSets }: Environment,
  ownClock: TestClock = createTestClock(clock.now()),
): Environment {
  return createEnvironment(options, {
    schemaVersion,
    optionSets,
    schema,
    declared,
    privileges,
    steps,
    customApis,
    store: store.fork(),
    clock: ownClock,
    counters: { ...counters, autonumbers: new Map(counters.autonumbers) },
  })
}

/** The environment with other tables. It goes on under the same lock, and with the same trace. */
function changedEnvironment(options: EmulatorOptions, before: Environment, change: MetadataChange): Environment {
  const schema = changedSchema(before.schema, change, options.indexes)
  const changed = withSchema(before, schema)
  const store = storeFor(schema, before.store, before.schema)
  for (const privilege of changed.privileges.all()) store.put(Privilege, privilegeRow(privilege))
  const optionSets = new Map(before.optionSets.map((set) => [set.name, set]))
  for (const name of change.removedOptionSets ?? []) optionSets.delete(name)
  for (const set of change.optionSets ?? []) optionSets.set(set.name, set)
  const environment = createEnvironment(options, {
    ...changed,
    store,
    optionSets: [...optionSets.values()],
  })
  return { ...environment, lock: before.lock, trace: before.trace }
}

/** The environment with another schema, and what follows from it; its rows are still those of before. */
function withSchema(before: Environment, schema: Schema): Environment {
  if (schema === before.schema) return before
  const privileges = new Privileges(schema, privilegesOf(before.customApis))
  return { ...before, schema, privileges, schemaVersion: before.schemaVersion + 1 }
}

function privilegesOf(customApis: Environment['customApis']): readonly string[] {
  return [...customApis.values()].flatMap(({ privilege }) => (privilege === undefined ? [] : [privilege]))
}

function emulatorOf(options: EmulatorOptions, start: Environment): Emulator {
  /** What `reset` comes back to; nobody writes into it. */
  const beginning = forkOf(options, start)
  let environment = start
  const protectionOf = (limits: boolean | ServiceProtectionLimits = false) =>
    limits === false ? undefined : new ServiceProtection(limits === true ? {} : limits, environment.clock)
  let protection = protectionOf(options.serviceProtection)

  const session = (userId: string, callerId: string = organization.userId): Session => ({
    userId,
    callerId,
    rightsOf: callerId === userId ? [userId] : [userId, callerId],
    initiatingUserId: userId,
    depth: 1,
    correlationId: undefined,
    parentContext: null,
    transaction: undefined,
    level: 0,
  })
  /** A service that asks the environment of the moment, so that it outlives a reset. */
  const serviceAs = (userId: string, callerId?: string): OrganizationService => {
    let current = { environment, service: createService(environment, session(userId, callerId)) }
    const delegate = <K extends keyof OrganizationService>(method: K) =>
      ((...parameters: unknown[]) => {
        if (current.environment !== environment) {
          current = { environment, service: createService(environment, session(userId, callerId)) }
        }
        const ask = () => (current.service[method] as (...all: unknown[]) => Promise<unknown>)(...parameters)
        // Limits are of who signs in, not of whom that one acts for.
        return protection ? protection.run(callerId ?? organization.userId, ask) : ask()
      }) as OrganizationService[K]
    return {
      create: delegate('create'),
      retrieve: delegate('retrieve'),
      update: delegate('update'),
      upsert: delegate('upsert'),
      delete: delegate('delete'),
      retrieveMultiple: delegate('retrieveMultiple'),
      associate: delegate('associate'),
      disassociate: delegate('disassociate'),
      execute: delegate('execute'),
    }
  }
  const service = serviceAs(organization.userId)

  return {
    ...service,

    as(userId, callerId = organization.userId) {
      const ids = [userId, callerId].map((id) => String(id).toLowerCase()) as [string, string]
      for (const id of ids) {
        if (!environment.store.get('systemuser', id)) {
          throw dataverseError('ObjectDoesNotExist', { table: 'systemuser', id })
        }
      }
      return serviceAs(...ids)
    },
    setServiceProtection(limits) {
      protection = protectionOf(limits)
    },
    remainingUsage: (userId = organization.userId) => protection?.remaining(userId),
    async seedRole(role) {
      const withId = { ...role, id: role.id ?? environment.newId() }
      await environment.lock.run(() => {
        seedRows(environment, roleRows(environment, withId))
        seedRows(environment, roleHolderRows(withId))
      })
      return withId.id
    },
    async seed(table: TableRef, rows: Row | readonly Row[]) {
      const name = typeof table === 'string' ? table : table.logicalName
      const ids = await environment.lock.run(() =>
        seedRows(environment, { [name]: Array.isArray(rows) ? rows : [rows] }),
      )
      return (Array.isArray(rows) ? ids : ids[0]) as never
    },
    async list(table: TableRef, columns?: readonly string[]) {
      const query = columns ? select(table as string, columns) : select(table as string)
      return (await service.retrieveMultiple(query)).rows as never
    },
    drain: () => drainSystemJobs(environment, session(organization.userId)),
    fork: () => emulatorOf(options, forkOf(options, environment)),
    reset() {
      // The clock stays the same one: job runners and simulators hold on to it. One that runs goes on running.
      const { clock } = environment
      if (!clock.running) clock.set(beginning.clock.now())
      environment = forkOf(options, beginning, clock)
      protection = protectionOf(options.serviceProtection)
    },
    snapshot: () => environment.lock.run(() => takeSnapshot(environment)),
    restore: (snapshot) =>
      environment.lock.run(() => {
        const { clock } = environment
        const { schema, optionSets, store, counters, now, running } = readSnapshot(
          snapshot,
          environment,
          options.indexes,
        )
        clock.set(now)
        if (running) clock.run()
        environment = createEnvironment(options, { ...withSchema(environment, schema), optionSets, store, counters })
      }),
    get clock() {
      return environment.clock
    },
    get trace() {
      return environment.trace
    },
    get tables() {
      return environment.schema.all()
    },
    metadata: {
      get version() {
        return environment.schemaVersion
      },
      get tables() {
        return environment.schema.all()
      },
      get optionSets() {
        return environment.optionSets
      },
      change: (change) =>
        environment.lock.run(() => {
          environment = changedEnvironment(options, environment, change)
        }),
    },
    steps: start.steps.steps,
    customApis: [...start.customApis.values()],
    organization,
  }
}
