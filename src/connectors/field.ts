import { deepFreeze } from '../internal/freeze.ts'

declare const valueType: unique symbol

/** What every field says about itself. */
interface FieldOptions<O extends boolean = boolean> {
  /** The label on the form. */
  readonly title: string
  /** One sentence for the person who fills the form: what it is and where to find it. */
  readonly help?: string
  /** Whether it may be left out. Default: `false`. */
  readonly optional?: O
}

interface Typed<V> {
  /** Carries the type of the value; never there at run time. */
  readonly [valueType]?: V
}

interface Described {
  readonly title: string
  readonly help?: string
  readonly optional?: boolean
}

export interface TextField<V = string | undefined> extends Described, Typed<V> {
  readonly type: 'text'
  /** A regular expression that the whole value must match. */
  readonly pattern?: string
}

export interface UrlField<V = string | undefined> extends Described, Typed<V> {
  readonly type: 'url'
}

export interface SecretField<V = string | undefined> extends Described, Typed<V> {
  readonly type: 'secret'
  /** The request header that carries it to the provider, and to no other host. */
  readonly header?: string
  /** What stands before it in that header, such as `'Bearer'`. */
  readonly scheme?: string
}

export interface ChoiceField<V = string | undefined> extends Described, Typed<V> {
  readonly type: 'choice'
  readonly of: readonly string[]
}

export interface BooleanField<V = boolean | undefined> extends Described, Typed<V> {
  readonly type: 'boolean'
}

export interface NumberField<V = number | undefined> extends Described, Typed<V> {
  readonly type: 'number'
  readonly minimum?: number
  readonly maximum?: number
  readonly integer?: boolean
}

/** One setting or credential of a connector: form, JSON Schema, check and redaction follow from it. */
export type Field = TextField | UrlField | SecretField | ChoiceField | BooleanField | NumberField
export type FieldType = Field['type']
export type FieldMap = Readonly<Record<string, Field>>
// biome-ignore lint/complexity/noBannedTypes: the map without fields is what a connector without settings infers
export type NoFields = {}

/** The values that a map of fields describes. */
export type ValuesOf<F extends FieldMap> = { readonly [N in keyof F]: F[N] extends Typed<infer V> ? V : never }

type Maybe<V, O extends boolean> = O extends true ? V | undefined : V

/**
 * The builders of settings and credentials.
 *
 * @example
 * settings: { region: field.choice({ title: 'Region', of: ['us', 'eu'] }) },
 * credentials: { apiKey: field.secret({ title: 'API key', header: 'x-api-key' }) },
 */
export const field = {
  /** Any text that is not empty. */
  text: <O extends boolean = false>(options: FieldOptions<O> & { readonly pattern?: string }) =>
    deepFreeze<TextField<Maybe<string, O>>>({ type: 'text', ...options }),

  /** An absolute `http` or `https` address. The only one of a connector is the base of its requests. */
  url: <O extends boolean = false>(options: FieldOptions<O>) =>
    deepFreeze<UrlField<Maybe<string, O>>>({ type: 'url', ...options }),

  /** Text that no log, error, handle or trace may show. With `header`, every request to the provider carries it there. */
  secret: <O extends boolean = false>(
    options: FieldOptions<O> & { readonly header?: string; readonly scheme?: string },
  ) => deepFreeze<SecretField<Maybe<string, O>>>({ type: 'secret', ...options }),

  /** One of a few words. */
  choice: <const V extends string, O extends boolean = false>(
    options: FieldOptions<O> & { readonly of: readonly V[] },
  ) => deepFreeze<ChoiceField<Maybe<V, O>>>({ type: 'choice', ...options }),

  boolean: <O extends boolean = false>(options: FieldOptions<O>) =>
    deepFreeze<BooleanField<Maybe<boolean, O>>>({ type: 'boolean', ...options }),

  number: <O extends boolean = false>(
    options: FieldOptions<O> & { readonly minimum?: number; readonly maximum?: number; readonly integer?: boolean },
  ) => deepFreeze<NumberField<Maybe<number, O>>>({ type: 'number', ...options }),
} as const
