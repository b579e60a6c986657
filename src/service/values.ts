/**
 * A lookup's value: which row of which table.
 *
 * `name` is the referenced row's primary name; the service fills it in on the way out and ignores it on the way in.
 */
export interface EntityReference<Name extends string = string> {
  readonly logicalName: Name
  readonly id: string
  readonly name?: string | undefined
}

/**
 * What a column can hold. Choices are integers, multi-select choices arrays of them; a date with a time is a `Date`,
 * a date without one `'YYYY-MM-DD'`; money and decimals are numbers rounded to the column's precision.
 */
export type ColumnValue = string | number | boolean | Date | EntityReference | readonly number[] | null

/** A row, or a part of one: values under their columns' logical names. A column that is left out says nothing. */
export type Row = { [column: string]: ColumnValue | undefined }

/** The types behind a table: a row as it is read, what creating one takes, and what changing one takes. */
export interface TableTypes {
  row: object
  create: object
  update: object
}

/**
 * Anything that names a table and knows the types of its rows: what `defineTable` returns.
 * `types` exists for the compiler only and never has a value.
 */
export interface TypedTable<Name extends string = string, Types extends TableTypes = TableTypes> {
  readonly logicalName: Name
  readonly types?: Types | undefined
}

/** A table: its definition, from which rows get their types, or its bare logical name, for rows without. */
export type TableRef = string | TypedTable

type TypesOf<T> = T extends { readonly types?: infer Types | undefined } ? Extract<Types, TableTypes> : never

/** A row of the table as it is read: every column, `null` where it has no value. */
export type RowOf<T extends TableRef> = T extends string ? Row : TypesOf<T>['row']
/** What creating a row of the table takes. */
export type CreateOf<T extends TableRef> = T extends string ? Row : TypesOf<T>['create']
/** What changing a row of the table takes. */
export type UpdateOf<T extends TableRef> = T extends string ? Row : TypesOf<T>['update']
/** The table's column names. */
export type ColumnOf<T extends TableRef> = T extends string ? string : keyof TypesOf<T>['row'] & string
/** A row read with the columns `C` only. */
export type Selected<T extends TableRef, C extends string> = T extends string
  ? Row
  : { [K in C]: K extends keyof TypesOf<T>['row'] ? TypesOf<T>['row'][K] : never }

/** The logical name of the table, as a literal type where it is known. */
export type NameOf<T extends TableRef> = T extends string ? T : T extends TypedTable<infer Name> ? Name : never

/**
 * Which row: its id, or the values of an alternate key.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record
 */
export type RowKey = string | Readonly<Record<string, ColumnValue>>

export function logicalNameOf<const T extends TableRef>(table: T): NameOf<T> {
  return (typeof table === 'string' ? table : table.logicalName) as NameOf<T>
}

/**
 * The value of a lookup that points at the row `id` of `table`.
 *
 * @example await service.create(Contact, { lastname: 'Jensen', parentcustomerid: reference(Account, accountId) })
 */
export function reference<const T extends TableRef>(table: T, id: string): EntityReference<NameOf<T>> {
  return { logicalName: logicalNameOf(table), id }
}

export function isEntityReference(value: unknown): value is EntityReference {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as EntityReference).logicalName === 'string' &&
    typeof (value as EntityReference).id === 'string'
  )
}
