import type { Condition, EntityReference, Row } from '../service/index.ts'

/**
 * How strongly a column asks for a value. `system` is enforced by every API; `application` ("Business required") by
 * forms and portals only, and so a row without it can exist; `recommended` by nobody.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/entity-attribute-metadata#attribute-requirement-level
 */
export type RequiredLevel = 'none' | 'recommended' | 'application' | 'system'

/** What happens to rows that refer to a row when that row is deleted, assigned, … */
export type Cascade = 'none' | 'all' | 'removeLink' | 'restrict' | 'active' | 'userOwned'

/**
 * The behaviours of a 1:N relationship, per operation.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/configure-entity-relationship-cascading-behavior
 */
export interface CascadeBehavior {
  readonly delete: Cascade
  readonly assign: Cascade
  readonly share: Cascade
  readonly unshare: Cascade
  readonly reparent: Cascade
  readonly merge: Cascade
}

const nothing = { assign: 'none', share: 'none', unshare: 'none', reparent: 'none', merge: 'none' } as const

/** The behaviours that the maker portal offers by name. */
export const behaviors = Object.freeze({
  /** Rows that refer to a deleted row lose the reference. */
  referential: Object.freeze({ ...nothing, delete: 'removeLink' }),
  /** A row that others refer to cannot be deleted. */
  restrict: Object.freeze({ ...nothing, delete: 'restrict' }),
  /** Rows follow their parent in everything. */
  parental: Object.freeze({
    delete: 'all',
    assign: 'all',
    share: 'all',
    unshare: 'all',
    reparent: 'all',
    merge: 'all',
  }),
} satisfies Record<string, CascadeBehavior>)
export type BehaviorName = keyof typeof behaviors

interface CommonOptions {
  /** The display name. */
  readonly label: string
  readonly description?: string
  /** `false` where the logical name is this package's proposal, because no source prints it. */
  readonly documented?: boolean
  /** A column of Dataverse itself, not of the solution that the table belongs to. */
  readonly standard?: boolean
  readonly required?: RequiredLevel
  /** Written by the platform only. */
  readonly readOnly?: boolean
  /**
   * Read and written only by those whom a column security profile allows it.
   * @see https://learn.microsoft.com/power-platform/admin/field-level-security
   */
  readonly secured?: boolean
}

/** How a calculated column gets its value from other columns of its row. */
export interface Calculation {
  /** The columns that it is made of: it is calculated again when one of them is written. */
  readonly from: readonly string[]
  /** A pure function: the same columns give the same value. */
  calculate(row: Row): unknown
}

/** What a rollup column gathers from the rows that refer to its row. */
export interface Rollup {
  readonly with: 'sum' | 'count' | 'min' | 'max' | 'average'
  /** The logical name of the table whose rows are gathered. */
  readonly of: string
  /** The lookup of that table that refers to this row. */
  readonly by: string
  /** The column that is gathered; `count` needs none. */
  readonly column?: string
  /** Which of the rows count. Left out: all. */
  readonly where?: Condition
}

/** A choice: labels with their values, in the order in which they are shown; none where no source lists them. */
export type Options = Readonly<Record<string, number>>

interface Common extends Required<Pick<CommonOptions, 'label' | 'documented' | 'standard' | 'required' | 'readOnly'>> {
  readonly description?: string
  readonly secured?: boolean
  readonly calculation?: Calculation
  readonly rollup?: Rollup
}

export interface TextColumn extends Common {
  readonly type: 'text' | 'memo'
  /** In UTF-16 code units. */
  readonly maxLength: number
  readonly format: TextFormat
}
export interface AutonumberColumn extends Common {
  readonly type: 'autonumber'
  readonly maxLength: number
  readonly format: string
}
export interface NumberColumn extends Common {
  readonly type: 'integer' | 'bigint' | 'decimal' | 'float' | 'money'
  readonly min: number
  readonly max: number
  /** Digits after the decimal point to which values are rounded. */
  readonly precision: number
  readonly default?: number
}
export interface BooleanColumn extends Common {
  readonly type: 'boolean'
  readonly trueLabel: string
  readonly falseLabel: string
  readonly default: boolean
}
export interface ChoiceColumn extends Common {
  readonly type: 'choice' | 'multiChoice' | 'state' | 'status'
  readonly options: Options
  readonly default?: number
}
export interface DateColumn extends Common {
  readonly type: 'dateTime' | 'dateOnly'
  /** @see https://learn.microsoft.com/power-apps/developer/data-platform/behavior-format-date-time-attribute */
  readonly behavior: 'userLocal' | 'timeZoneIndependent' | 'dateOnly'
}
export interface LookupColumn extends Common {
  readonly type: 'lookup'
  /** The tables it may refer to; empty: any, because the source does not say. */
  readonly targets: readonly string[]
  readonly behavior: CascadeBehavior
  /** The schema name of the relationship with a target, where it is not `target_table_column`. */
  readonly relationships: Readonly<Record<string, string>>
  /** Whether it arranges the rows of its table in a hierarchy, which conditions such as `under` look at. */
  readonly hierarchical?: boolean
}
export interface IdColumn extends Common {
  readonly type: 'primaryKey' | 'uniqueIdentifier'
}
export interface FileColumn extends Common {
  readonly type: 'file' | 'image'
  readonly maxSizeInKb: number
}

/** A column as data: what it is called, what it holds, what it refuses. */
export type ColumnDefinition =
  | TextColumn
  | AutonumberColumn
  | NumberColumn
  | BooleanColumn
  | ChoiceColumn
  | DateColumn
  | LookupColumn
  | IdColumn
  | FileColumn
export type ColumnType = ColumnDefinition['type']

/** Marks, for the compiler only, the columns beside which the platform keeps others. */
export interface Derives<Kind extends 'money' | 'file' | 'image' | 'rollup'> {
  readonly derives?: Kind
}

/** What the compiler knows of a column: its value's type, whether creating needs it, whether it can be written. */
export interface Typing<Value, IsRequired extends boolean, IsReadOnly extends boolean> {
  readonly typing?: { value: Value; required: IsRequired; readOnly: IsReadOnly }
}
export type Column<Value, O extends CommonOptions> = ColumnDefinition &
  Typing<
    Value,
    O['required'] extends 'application' | 'system' ? true : false,
    O['readOnly'] extends true ? true : false
  >

export type TextFormat = 'text' | 'email' | 'url' | 'phone' | 'textArea' | 'json'

interface TextOptions extends CommonOptions {
  /** Default 100 for text (at most 4000), 2000 for memo (at most 1,048,576). */
  readonly maxLength?: number
  readonly format?: TextFormat
}
interface NumberOptions extends CommonOptions {
  readonly min?: number
  readonly max?: number
  /** Digits after the decimal point; default 2 for decimal, 5 for float, 4 for money. */
  readonly precision?: number
  readonly default?: number
}
interface LookupOptions extends CommonOptions {
  /** The tables it may refer to: one, or several for a polymorphic lookup. Left out: any. */
  readonly to?: readonly string[]
  /** Default `referential`. */
  readonly behavior?: BehaviorName | CascadeBehavior
  /** The schema names of its relationships, by target; default: `target_table_column`. */
  readonly relationships?: Readonly<Record<string, string>>
  /**
   * Arranges the rows of its table in a hierarchy. Needed only where several lookups that can be written refer to the
   * table itself: a single one does so unasked.
   */
  readonly hierarchical?: boolean
}
/** A choice without options, because no source lists them, holds any integer. */
type ValueOf<O extends { readonly options: Options }> = keyof O['options'] extends never
  ? number
  : O['options'][keyof O['options']]
type Targets<O> = O extends { readonly to: readonly (infer Name extends string)[] } ? Name : string

/**
 * The columns a table can have.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/entity-attribute-metadata
 */
export const column = Object.freeze({
  text: <const O extends TextOptions>(o: O): Column<string, O> => textColumn('text', o, 100, 4000),

  memo: <const O extends TextOptions>(o: O): Column<string, O> => textColumn('memo', o, 2000, 1_048_576),

  /**
   * Filled on create from `format`: `{SEQNUM:5}`, `{RANDSTRING:4}` and `{DATETIMEUTC:yyyyMMdd}` are replaced.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/create-auto-number-attributes
   */
  autonumber: <const O extends CommonOptions & { readonly format: string }>(o: O): Column<string, O> => ({
    ...common(o),
    type: 'autonumber',
    format: checkFormat(o),
    maxLength: 100,
  }),

  integer: <const O extends NumberOptions>(o: O): Column<number, O> =>
    numberColumn('integer', o, -2_147_483_648, 2_147_483_647, 0),

  bigint: <const O extends NumberOptions>(o: O): Column<number, O> =>
    numberColumn('bigint', o, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0),

  decimal: <const O extends NumberOptions>(o: O): Column<number, O> =>
    numberColumn('decimal', o, -100_000_000_000, 100_000_000_000, 2),

  float: <const O extends NumberOptions>(o: O): Column<number, O> =>
    numberColumn('float', o, -100_000_000_000, 100_000_000_000, 5),

  /** An amount in the row's currency. Tables with `transactioncurrencyid` keep it in the base currency too, as `…_base`. */
  money: <const O extends NumberOptions>(o: O): Column<number, O> & Derives<'money'> =>
    numberColumn('money', o, -922_337_203_685_477, 922_337_203_685_477, 4),

  boolean: <
    const O extends CommonOptions & {
      readonly default?: boolean
      readonly trueLabel?: string
      readonly falseLabel?: string
    },
  >(
    o: O,
  ): Column<boolean, O> => ({
    ...common(o),
    type: 'boolean',
    default: o.default ?? false,
    trueLabel: o.trueLabel ?? 'Yes',
    falseLabel: o.falseLabel ?? 'No',
  }),

  choice: <const O extends CommonOptions & { readonly options: Options; readonly default?: number }>(
    o: O,
  ): Column<ValueOf<O>, O> => choiceColumn('choice', o),

  multiChoice: <const O extends CommonOptions & { readonly options: Options }>(
    o: O,
  ): Column<readonly ValueOf<O>[], O> => choiceColumn('multiChoice', o),

  /** A moment: shown in the user's time zone (`userLocal`, the default) or the same for everyone. */
  dateTime: <const O extends CommonOptions & { readonly behavior?: 'userLocal' | 'timeZoneIndependent' }>(
    o: O,
  ): Column<Date, O> => ({ ...common(o), type: 'dateTime', behavior: o.behavior ?? 'userLocal' }),

  /** A day, `'YYYY-MM-DD'`, the same for everyone. */
  dateOnly: <const O extends CommonOptions>(o: O): Column<string, O> => ({
    ...common(o),
    type: 'dateOnly',
    behavior: 'dateOnly',
  }),

  lookup: <const O extends LookupOptions>(o: O): Column<EntityReference<Targets<O>>, O> => ({
    ...common(o),
    type: 'lookup',
    targets: o.to ?? [],
    behavior: typeof o.behavior === 'object' ? o.behavior : behaviors[o.behavior ?? 'referential'],
    relationships: o.relationships ?? {},
    ...(o.hierarchical === undefined ? {} : { hierarchical: o.hierarchical }),
  }),

  uniqueIdentifier: <const O extends CommonOptions>(o: O): Column<string, O> => ({
    ...common(o),
    type: 'uniqueIdentifier',
  }),

  /** Bytes kept outside the row; the row holds the file's id. */
  file: <const O extends CommonOptions & { readonly maxSizeInKb?: number }>(
    o: O,
  ): Column<string, O & { readOnly: true }> & Derives<'file'> => ({
    ...common(o),
    type: 'file',
    readOnly: true,
    maxSizeInKb: o.maxSizeInKb ?? 32_768,
  }),

  /** A picture, base64. */
  image: <const O extends CommonOptions & { readonly maxSizeInKb?: number }>(
    o: O,
  ): Column<string, O> & Derives<'image'> => ({
    ...common(o),
    type: 'image',
    maxSizeInKb: o.maxSizeInKb ?? 10_240,
  }),

  /**
   * A column whose value follows from others of its row, kept up to date when they are written.
   *
   * @see https://learn.microsoft.com/power-apps/maker/data-platform/define-calculated-fields
   * @example
   * column.calculated(column.text({ label: 'Full Name' }), {
   *   from: ['firstname', 'lastname'],
   *   calculate: ({ firstname, lastname }) => `${firstname ?? ''} ${lastname ?? ''}`.trim(),
   * })
   */
  calculated: <const C extends ColumnDefinition & Typing<unknown, boolean, boolean>>(
    of: C,
    calculation: Calculation,
  ): Column<ValueOfColumn<C>, { label: string; readOnly: true }> => ({ ...of, readOnly: true, calculation }) as never,

  /**
   * A number that is gathered from the rows that refer to this one, by `CalculateRollupField` or, from time to time, by
   * a system job.
   *
   * @see https://learn.microsoft.com/power-apps/maker/data-platform/define-rollup-fields
   * @example
   * column.rollup(column.money({ label: 'Open Revenue' }), {
   *   with: 'sum', of: 'opportunity', by: 'parentaccountid', column: 'estimatedvalue',
   * })
   */
  rollup: <const C extends ColumnDefinition & Typing<unknown, boolean, boolean>>(
    of: C,
    rollup: Rollup,
  ): Column<ValueOfColumn<C>, { label: string; readOnly: true }> & Derives<'rollup'> =>
    ({ ...of, readOnly: true, rollup }) as never,
})

type ValueOfColumn<C> = C extends Typing<infer Value, boolean, boolean> ? Value : never

function common(o: CommonOptions): Common {
  return {
    label: o.label,
    ...(o.description === undefined ? {} : { description: o.description }),
    documented: o.documented ?? true,
    standard: o.standard ?? false,
    required: o.required ?? 'none',
    readOnly: o.readOnly ?? false,
    ...(o.secured ? { secured: true } : {}),
  }
}

const PLACEHOLDER = /\{(?:SEQNUM:[1-9]\d?|RANDSTRING:[1-6]|DATETIMEUTC:[^{}]+)\}/g

function checkFormat({ label, format }: { readonly label: string; readonly format: string }): string {
  if (format.trim() === '' || /[{}]/.test(format.replace(PLACEHOLDER, ''))) {
    throw new RangeError(
      `column.autonumber('${label}'): the format '${format}' has something in braces other than {SEQNUM:1} to {SEQNUM:99}, {RANDSTRING:1} to {RANDSTRING:6} and {DATETIMEUTC:yyyyMMdd}.`,
    )
  }
  return format
}

function textColumn(type: 'text' | 'memo', o: TextOptions, usual: number, limit: number): TextColumn {
  const maxLength = o.maxLength ?? usual
  if (!Number.isInteger(maxLength) || maxLength < 1 || maxLength > limit) {
    throw new RangeError(`column.${type}('${o.label}'): maxLength is ${maxLength}, but must be 1 to ${limit}.`)
  }
  return { ...common(o), type, maxLength, format: o.format ?? (type === 'memo' ? 'textArea' : 'text') }
}

function numberColumn(
  type: NumberColumn['type'],
  o: NumberOptions,
  min: number,
  max: number,
  precision: number,
): NumberColumn {
  const refuse = (what: string): never => {
    throw new RangeError(`column.${type}('${o.label}'): ${what}`)
  }
  const [lowest, highest, digits] = [o.min ?? min, o.max ?? max, o.precision ?? precision]
  if (!(lowest <= highest)) refuse(`min is ${lowest} and max is ${highest}: no value is between them.`)
  if (!Number.isInteger(digits) || digits < 0) refuse(`precision is ${digits}, but must be a whole number from 0.`)
  return {
    ...common(o),
    type,
    min: lowest,
    max: highest,
    precision: digits,
    ...(o.default === undefined ? {} : { default: o.default }),
  }
}

function choiceColumn(
  type: 'choice' | 'multiChoice',
  o: CommonOptions & { readonly options: Options; readonly default?: number },
): ChoiceColumn {
  const labels = new Map<number, string>()
  for (const [label, value] of Object.entries(o.options)) {
    const taken = labels.get(value)
    if (taken !== undefined) {
      throw new RangeError(
        `column.${type}('${o.label}'): the labels '${taken}' and '${label}' share the value ${value}.`,
      )
    }
    labels.set(value, label)
  }
  return { ...common(o), type, options: o.options, ...(o.default === undefined ? {} : { default: o.default }) }
}
