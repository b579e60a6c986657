import type { Connector } from './connector.ts'
import type { Field, FieldMap, ValuesOf } from './field.ts'
import { isPlainObject } from './json.ts'
import { ProviderError } from './provider-error.ts'

/**
 * The settings, checked against the connector's declaration.
 *
 * @throws ProviderError `invalid`, naming the field and the fix.
 */
export function validateSettings<S extends FieldMap>(connector: Connector<S, FieldMap>, input: unknown): ValuesOf<S> {
  return validate(connector, 'setting', connector.settings, input)
}

/**
 * The credentials, checked against the connector's declaration. No message shows a value.
 *
 * @throws ProviderError `invalid`, naming the field and the fix.
 */
export function validateCredentials<C extends FieldMap>(
  connector: Connector<FieldMap, C>,
  input: unknown,
): ValuesOf<C> {
  return validate(connector, 'credential', connector.credentials, input)
}

function validate<F extends FieldMap>(
  { title }: Connector,
  word: 'setting' | 'credential',
  fields: F,
  input: unknown,
): ValuesOf<F> {
  const given = input ?? {}
  if (!isPlainObject(given)) throw new ProviderError('invalid', `${title}: the ${word}s have to be an object.`)

  for (const name of Object.keys(given)) {
    if (Object.hasOwn(fields, name) || given[name] === undefined) continue
    const names = Object.keys(fields)
    const offers = names.length === 0 ? `it has no ${word}s` : `it knows: ${names.join(', ')}`
    throw new ProviderError('invalid', `${title} has no ${word} \`${name}\`; ${offers}.`, { field: name })
  }

  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(given, name) ? (given[name] ?? undefined) : undefined
    if (value === undefined && field.optional) continue
    const problem = value === undefined ? `is missing: ${wanted(field)}` : problemWith(field, value)
    if (problem !== undefined) {
      throw new ProviderError('invalid', `${title}: the ${word} \`${name}\` (${field.title}) ${problem}.`, {
        field: name,
      })
    }
    values[name] = value
  }
  return Object.freeze(values) as ValuesOf<F>
}

function problemWith(field: Field, value: unknown): string | undefined {
  return fits(field, value) ? undefined : `is not valid: ${wanted(field)}`
}

function fits(field: Field, value: unknown): boolean {
  switch (field.type) {
    case 'text':
      return isText(value) && (field.pattern === undefined || new RegExp(`^(?:${field.pattern})$`, 'u').test(value))
    case 'url':
      return isText(value) && isHttpAddress(value)
    case 'secret':
      return isText(value) && (field.header === undefined || HEADER_VALUE.test(value))
    case 'choice':
      return isText(value) && field.of.includes(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'number':
      return (
        typeof value === 'number' &&
        Number.isFinite(value) &&
        (!field.integer || Number.isInteger(value)) &&
        value >= (field.minimum ?? -Infinity) &&
        value <= (field.maximum ?? Infinity)
      )
  }
}

function wanted(field: Field): string {
  switch (field.type) {
    case 'text':
      return field.pattern === undefined ? 'enter a text' : `enter a text that matches ${field.pattern}`
    case 'url':
      return 'enter a whole address that starts with https:// (or http://), without user name, query or fragment'
    case 'secret':
      return field.header === undefined
        ? 'enter the secret'
        : 'enter the secret, in printable ASCII without spaces or line ends around it'
    case 'choice':
      return `choose one of ${field.of.join(', ')}`
    case 'boolean':
      return 'choose true or false'
    case 'number':
      return `enter ${field.integer ? 'a whole number' : 'a number'}${range(field.minimum, field.maximum)}`
  }
}

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  if (minimum !== undefined) return ` of ${minimum} or more`
  return maximum === undefined ? '' : ` of ${maximum} or less`
}

const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** A user name or a query in an address is where secrets hide: they belong into a credential. */
function isHttpAddress(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password, search, hash } = new URL(value)
  return /^https?:$/.test(protocol) && username === '' && password === '' && search === '' && hash === ''
}
