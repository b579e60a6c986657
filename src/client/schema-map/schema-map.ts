import type { ColumnValue, EntityReference, Row } from '../../service/index.ts'
import { isEntityReference } from '../../service/index.ts'

/**
 * What an environment calls differently, by our names; what is not listed is called the same. Plain JSON, so that it can
 * lie in a file.
 *
 * @example
 * const map: SchemaMap = {
 *   work365_subscription: {
 *     name: 'w365_subscription',
 *     columns: { work365_channel: { name: 'w365_channel', values: { 100000000: 1 } } },
 *   },
 * }
 */
export type SchemaMap = Readonly<Record<string, TableMap>>

export interface TableMap {
  /** Its logical name there. */
  readonly name?: string
  /** Logical names of columns there, with the values of choices where those differ. */
  readonly columns?: Readonly<Record<string, string | ColumnMap>>
  /** Schema names of relationships there. */
  readonly relationships?: Readonly<Record<string, string>>
}

export interface ColumnMap {
  readonly name?: string
  /** Our value → theirs. */
  readonly values?: Readonly<Record<number, number>>
}

/** Translates names and values, ours to theirs and back. Tables are always named in our words. */
export interface Translator {
  toTheirs: Translation
  toOurs: Translation
  relationship(table: string, ours: string): string
}

/** One direction. */
export interface Translation {
  table(name: string): string
  /** @param table in our words, whatever the direction */
  column(table: string, name: string): string
  /** @param column in our words, whatever the direction */
  value(table: string, column: string, value: ColumnValue): ColumnValue
  /** @param table in our words, whatever the direction */
  row(table: string, row: Row): Row
  reference(reference: EntityReference): EntityReference
}

/** Throws a `TypeError` where two of our names would mean the same there. */
export function createTranslator(map: SchemaMap): Translator {
  const tables = new TwoWay("the table '%'")
  const columns = new Map<string, TwoWay>()
  const values = new Map<string, Map<string, TwoWay>>()
  for (const [table, { name = table, columns: ofTable = {} }] of Object.entries(map)) {
    tables.add(table, name)
    const names = new TwoWay(`the column '%' of '${table}'`)
    const choices = new Map<string, TwoWay>()
    for (const [column, given] of Object.entries(ofTable)) {
      const { name: theirs = column, values: options } = typeof given === 'string' ? { name: given } : given
      names.add(column, theirs)
      if (!options) continue
      const both = new TwoWay(`the value % of '${column}' of '${table}'`)
      for (const [ours, value] of Object.entries(options)) both.add(ours, String(value))
      choices.set(column, both)
    }
    columns.set(table, names)
    values.set(table, choices)
  }

  const translation = (to: 'theirs' | 'ours'): Translation => {
    const one = {
      table: (name: string) => tables[to](name),
      column: (table: string, name: string) => columns.get(table)?.[to](name) ?? name,
      value(table: string, column: string, value: ColumnValue): ColumnValue {
        if (isEntityReference(value)) return one.reference(value)
        const options = values.get(table)?.get(column)
        if (!options) return value
        const translate = (option: number) => Number(options[to](String(option)))
        if (typeof value === 'number') return translate(value)
        return Array.isArray(value) ? (value as readonly number[]).map(translate) : value
      },
      row(table: string, row: Row): Row {
        const translated: Row = {}
        for (const [name, value] of Object.entries(row)) {
          const other = one.column(table, name)
          const ours = to === 'theirs' ? name : other
          translated[other] = value === undefined ? undefined : one.value(table, ours, value)
        }
        return translated
      },
      reference: (reference: EntityReference) => ({ ...reference, logicalName: tables[to](reference.logicalName) }),
    }
    return one
  }

  return {
    toTheirs: translation('theirs'),
    toOurs: translation('ours'),
    relationship: (table, ours) => {
      const { relationships = {} } = Object.hasOwn(map, table) ? map[table]! : {}
      return Object.hasOwn(relationships, ours) ? relationships[ours]! : ours
    },
  }
}

/** Names in both directions; what is not known stays as it is. */
class TwoWay {
  readonly #theirs = new Map<string, string>()
  readonly #ours = new Map<string, string>()
  readonly #what: string

  /** @param what how a message calls one, with `%` in place of the name */
  constructor(what: string) {
    this.#what = what
  }

  add(ours: string, theirs: string): void {
    const taken = this.#ours.get(theirs)
    if (taken !== undefined) {
      const [one, other] = [taken, ours].map((name) => this.#what.replace('%', name))
      throw new TypeError(`schemaMap: ${one} and ${other} are both '${theirs}' there.`)
    }
    this.#theirs.set(ours, theirs)
    this.#ours.set(theirs, ours)
  }

  theirs(name: string): string {
    return this.#theirs.get(name) ?? name
  }

  ours(name: string): string {
    return this.#ours.get(name) ?? name
  }
}
