import { deepFreeze } from '../internal/freeze.ts'
import type { EntityReference, TypedTable } from '../service/index.ts'
import { type ColumnDefinition, column, type Derives, type LookupColumn, type Typing } from './column.ts'
import { derivedColumns } from './derived-columns.ts'
import { auditColumns, type Ownership, ownerColumns, stateColumns } from './platform-columns.ts'
import { activeInactive, type ReasonValue, type States, type StateValue } from './states.ts'

type Columns = Readonly<Record<string, ColumnDefinition>>

/** An N:N relationship, declared on one of its two tables. */
export interface ManyToMany {
  /** The logical name of the other table. */
  readonly to: string
  /** The intersect table; default: the relationship's name. */
  readonly intersect?: string
}

export interface TableOptions<
  Name extends string = string,
  C extends Columns = Columns,
  S extends States | null = States | null,
  O extends Ownership = Ownership,
> {
  readonly logicalName: Name
  readonly displayName: string
  readonly description?: string
  /** The entity set name of the Web API; default: the logical name's plural by Dataverse's rule. */
  readonly collectionName?: string
  /** `false` where the table's logical name is this package's proposal. */
  readonly documented?: boolean
  /** Default: the logical name followed by `id`. */
  readonly primaryKey?: string
  /** The column whose value names a row. */
  readonly primaryName: keyof C & string
  /** Default `'user'`. */
  readonly ownership?: O
  /** Default: Active and Inactive; `null` for a table without states. */
  readonly states?: S
  readonly columns: C
  /** Alternate keys: a name, and the columns that together identify a row. */
  readonly keys?: Readonly<Record<string, readonly (keyof C & string)[]>>
  /** N:N relationships by schema name. 1:N relationships are declared by their lookup column. */
  readonly manyToMany?: Readonly<Record<string, ManyToMany>>
  /**
   * Whether what changed since a moment can be asked for. Default `false`.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
   */
  readonly changeTracking?: boolean
}

/** A table as data: everything that the emulator, the client and registration need to know of it. */
export interface TableDefinition<Name extends string = string, Types extends TableRowTypes = TableRowTypes>
  extends TypedTable<Name, Types> {
  readonly logicalName: Name
  readonly displayName: string
  readonly description?: string | undefined
  readonly collectionName: string
  readonly documented: boolean
  readonly primaryKey: string
  readonly primaryName: string
  readonly ownership: Ownership
  readonly states: States | null
  /** Every column, those of the platform included. */
  readonly columns: Columns
  readonly keys: Readonly<Record<string, readonly string[]>>
  /** The 1:N relationships in which this table is the many side, by schema name. */
  readonly manyToOne: Readonly<Record<string, ManyToOne>>
  readonly manyToMany: Readonly<Record<string, Required<ManyToMany>>>
  readonly changeTracking: boolean
}

/** A 1:N relationship seen from its lookup. */
export interface ManyToOne {
  readonly column: string
  readonly to: string
  readonly behavior: LookupColumn['behavior']
}

export interface TableRowTypes {
  row: object
  create: object
  update: object
}

type ValueIn<C> = C extends Typing<infer Value, boolean, boolean> ? Value : never
type RequiredKeys<C> = { [K in keyof C]: C[K] extends Typing<unknown, true, false> ? K : never }[keyof C]
type ReadOnlyKeys<C> = { [K in keyof C]: C[K] extends Typing<unknown, boolean, true> ? K : never }[keyof C]
type Flat<T> = { [K in keyof T]: T[K] }

type PlatformRow<O extends Ownership, S extends States | null> = {
  createdon: Date | null
  createdby: EntityReference<'systemuser'> | null
  createdonbehalfby: EntityReference<'systemuser'> | null
  modifiedon: Date | null
  modifiedby: EntityReference<'systemuser'> | null
  modifiedonbehalfby: EntityReference<'systemuser'> | null
  overriddencreatedon: Date | null
  versionnumber: number
} & (O extends 'user'
  ? {
      ownerid: EntityReference<'systemuser' | 'team'> | null
      owninguser: EntityReference<'systemuser'> | null
      owningteam: EntityReference<'team'> | null
      owningbusinessunit: EntityReference<'businessunit'> | null
    }
  : unknown) &
  (S extends States ? { statecode: StateValue<S>; statuscode: ReasonValue<S> } : unknown)

type PlatformCreate<O extends Ownership, S extends States | null> = {
  overriddencreatedon?: Date
} & (O extends 'user' ? { ownerid?: EntityReference<'systemuser' | 'team'> } : unknown) &
  (S extends States ? { statecode?: StateValue<S>; statuscode?: ReasonValue<S> } : unknown)

type Deriving<C, Kind extends 'money' | 'file' | 'image' | 'rollup'> = {
  [K in keyof C & string]: 'derives' extends keyof C[K] ? (C[K] extends Derives<Kind> ? K : never) : never
}[keyof C & string]

/** The columns that the platform keeps beside those of the declaration. */
type DerivedRow<C> = {
  [K in Deriving<C, 'file'> as `${K}_name`]: string | null
} & { [K in Deriving<C, 'image'> as `${K}_url` | `${K}id`]: string | null } & {
  [K in Deriving<C, 'image'> as `${K}_timestamp`]: number | null
} & { [K in Deriving<C, 'rollup'> as `${K}_date`]: Date | null } & {
  [K in Deriving<C, 'rollup'> as `${K}_state`]: number | null
} & ('transactioncurrencyid' extends keyof C
    ? { [K in Deriving<C, 'money'> as K extends `${string}_base` ? never : `${K}_base`]: number | null } & {
        exchangerate: number | null
      }
    : unknown)

/** The row types that a table's declaration implies. */
export type TypesFor<PrimaryKey extends string, C, S extends States | null, O extends Ownership> = {
  row: Flat<
    { [K in keyof C]: ValueIn<C[K]> | null } & { [K in PrimaryKey]: string } & PlatformRow<O, S> & DerivedRow<C>
  >
  create: Flat<
    { [K in RequiredKeys<C>]: ValueIn<C[K]> } & {
      [K in Exclude<keyof C, RequiredKeys<C> | ReadOnlyKeys<C>>]?: ValueIn<C[K]> | null
    } & { [K in PrimaryKey]?: string } & PlatformCreate<O, S>
  >
  update: Flat<
    { [K in Exclude<keyof C, ReadOnlyKeys<C>>]?: ValueIn<C[K]> | (K extends RequiredKeys<C> ? never : null) } & Omit<
      PlatformCreate<O, S>,
      'overriddencreatedon'
    >
  >
}

const NAME = /^[a-z][a-z0-9_]{0,127}$/

/**
 * Describes a table. The types of its rows follow from the columns; the platform's own columns (created, modified,
 * owner, state, version) are added.
 *
 * Throws a `TypeError` that names the table and the column when the description contradicts itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/entity-metadata
 * @example
 * export const Project = defineTable({
 *   logicalName: 'new_project',
 *   displayName: 'Project',
 *   primaryName: 'new_name',
 *   columns: {
 *     new_name: column.text({ label: 'Name', required: 'application' }),
 *     new_budget: column.money({ label: 'Budget', min: 0 }),
 *     new_customer: column.lookup({ label: 'Customer', to: ['account'] }),
 *   },
 * })
 */
export function defineTable<
  const Name extends string,
  const C extends Columns,
  const S extends States | null = typeof activeInactive,
  const O extends Ownership = 'user',
  const P extends string = `${Name}id`,
>(options: TableOptions<Name, C, S, O> & { readonly primaryKey?: P }): TableDefinition<Name, TypesFor<P, C, S, O>> {
  const { logicalName } = options
  const primaryKey = options.primaryKey ?? `${logicalName}id`
  const ownership = options.ownership ?? 'user'
  const states = options.states === undefined ? activeInactive : options.states
  const documented = options.documented ?? true
  const columns: Columns = {
    [primaryKey]: {
      ...column.uniqueIdentifier({ label: options.displayName, documented, standard: true }),
      type: 'primaryKey',
    },
    ...auditColumns,
    ...(ownership === 'user' ? ownerColumns : {}),
    ...(states ? stateColumns(states) : {}),
    ...derivedColumns(options.columns),
    ...options.columns,
  }
  const table: TableDefinition = {
    logicalName,
    displayName: options.displayName,
    description: options.description,
    collectionName: options.collectionName ?? pluralOf(logicalName),
    documented,
    primaryKey,
    primaryName: options.primaryName,
    ownership,
    states,
    columns,
    keys: options.keys ?? {},
    manyToOne: manyToOneOf(logicalName, columns),
    manyToMany: Object.fromEntries(
      Object.entries(options.manyToMany ?? {}).map(([name, { to, intersect }]) => [
        name,
        { to, intersect: intersect ?? name },
      ]),
    ),
    changeTracking: options.changeTracking ?? false,
  }
  refuseContradictions(table, [primaryKey, ...Object.keys(options.columns)])
  return deepFreeze(table) as TableDefinition<Name, TypesFor<P, C, S, O>>
}

const SIBILANTS = ['s', 'x', 'z', 'ch', 'sh']
const VOWELS = 'aeiou'

/** The plural that Dataverse gives an entity set unless its maker chooses another. */
function pluralOf(name: string): string {
  if (SIBILANTS.some((ending) => name.endsWith(ending))) return `${name}es`
  if (name.endsWith('y') && !VOWELS.includes(name.at(-2) ?? 'a')) return `${name.slice(0, -1)}ies`
  return `${name}s`
}

function manyToOneOf(logicalName: string, columns: Columns): Record<string, ManyToOne> {
  const relationships: Record<string, ManyToOne> = {}
  for (const name in columns) {
    const definition = columns[name]!
    if (definition.type !== 'lookup') continue
    for (const to of definition.targets) {
      relationships[definition.relationships[to] ?? `${to}_${logicalName}_${name}`] = {
        column: name,
        to,
        behavior: definition.behavior,
      }
    }
  }
  return relationships
}

/** `own` names the columns of the declaration: those that the platform adds are in order. */
function refuseContradictions(table: TableDefinition, own: readonly string[]): void {
  const refuse = (what: string): never => {
    throw new TypeError(`defineTable('${table.logicalName}'): ${what}`)
  }
  if (!NAME.test(table.logicalName)) refuse('a logical name is lower-case letters, digits and underscores.')
  for (const name of own) {
    if (!NAME.test(name)) refuse(`column '${name}': a logical name is lower-case letters, digits and underscores.`)
    if (name in Object.prototype) refuse(`column '${name}' is called as something that every object has.`)
  }
  if (!Object.hasOwn(table.columns, table.primaryName)) {
    refuse(`primaryName is '${table.primaryName}', which is not one of the columns.`)
  }
  for (const name of own) {
    const unknown = table.columns[name]!.calculation?.from.find((from) => !Object.hasOwn(table.columns, from))
    if (unknown !== undefined) refuse(`column '${name}' is calculated from '${unknown}', which is not a column.`)
  }
  for (const [key, columns] of Object.entries(table.keys)) {
    for (const name of columns) {
      if (!Object.hasOwn(table.columns, name)) refuse(`alternate key '${key}' names '${name}', which is not a column.`)
    }
  }
  refuseAmbiguousStates(table.states ?? {}, refuse)
  const reasons = Object.values(table.states ?? {}).flatMap((state) => Object.keys(state.reasons))
  for (const [state, { transitions = {} }] of Object.entries(table.states ?? {})) {
    for (const name of Object.entries(transitions).flatMap(([from, to]) => [from, ...to])) {
      if (!reasons.includes(name)) refuse(`state '${state}' has a transition with the unknown status reason '${name}'.`)
    }
  }
}

/** The choice columns that follow from the states have one label per value, and one value per label. */
function refuseAmbiguousStates(states: States, refuse: (what: string) => never): void {
  const stateAt = new Map<number, string>()
  const reasonAt = new Map<number, string>()
  for (const [state, { value, reasons }] of Object.entries(states)) {
    if (stateAt.has(value)) refuse(`the states '${stateAt.get(value)}' and '${state}' share the value ${value}.`)
    stateAt.set(value, state)
    for (const [reason, value] of Object.entries(reasons)) {
      if ([...reasonAt.values()].includes(reason)) refuse(`two status reasons are called '${reason}'.`)
      const taken = reasonAt.get(value)
      if (taken !== undefined) refuse(`the status reasons '${taken}' and '${reason}' share the value ${value}.`)
      reasonAt.set(value, reason)
    }
  }
}
