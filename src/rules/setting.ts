/** What a setting's value is, and how its row's text is read. */
export type SettingType =
  /** On when the text is exactly `true`: a space before it, another case or `1` leave it off. */
  | 'switch'
  /** One of `options`, letter by letter. */
  | 'choice'
  | 'text'
  /** Digits, with a point before decimals. */
  | 'decimal'
  /** `YYYY-MM-DD`. */
  | 'day'
  /** A name of the IANA database, such as `America/New_York`, `UTC`, or a fixed offset as `UTC-11`. */
  | 'timeZone'
  /** The id of a row of `table`. */
  | 'record'
  /** A JSON object of ids of rows of `table`, by what `keyedBy` says. */
  | 'records'

export const categories = [
  'Portal',
  'Provisioning',
  'Subscription Management',
  'Agreements',
  'General',
  'Invoicing',
  'Incentives',
  'Usage',
  'Product Service',
  'Orders',
] as const
export type SettingCategory = (typeof categories)[number]

/** A setting as data: under which key it is kept, what it means and what it is when nobody says anything. */
export interface Setting {
  readonly key: string
  readonly title: string
  readonly category: SettingCategory
  readonly description: string
  /** `false` for a key that this package proposes because no source prints one. */
  readonly documented: boolean
  /** Where the setting is documented; `ours` for one that leaves a choice open which the sources leave open. */
  readonly source: string
  readonly type: SettingType
  readonly default: unknown
  /** The values of a choice. */
  readonly options?: readonly string[]
  /** The table that records are of. */
  readonly table?: string
  /** What records are looked up by: a currency code, a billing cycle. */
  readonly keyedBy?: string
  /** Told by the system, not set by anybody. */
  readonly readOnly?: boolean
  /** The column of a billing contract that goes before the setting for that contract. */
  readonly contract?: ContractColumn
  /** The numbered rules that ask for it. */
  readonly rules: readonly string[]
}

/** How a billing contract overrides a setting. */
export interface ContractColumn {
  readonly column: string
  /** What the column's values mean for the setting; a value that is left out leaves the setting as it is. */
  readonly values?: Readonly<Record<string | number, unknown>>
}

/** The type that code sees for a setting. */
export type ValueOf<S extends Setting> = S['type'] extends 'switch'
  ? boolean
  : S['type'] extends 'choice'
    ? S['options'] extends readonly (infer Option extends string)[]
      ? Option
      : never
    : S['type'] extends 'decimal'
      ? number | null
      : S['type'] extends 'timeZone'
        ? string
        : S['type'] extends 'records'
          ? Readonly<Record<string, string>>
          : string | null
