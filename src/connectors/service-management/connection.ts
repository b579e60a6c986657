import type { Connector } from '../connector.ts'
import type { Field, FieldMap } from '../field.ts'
import type { Wire } from './models.ts'
import { headers } from './wire.ts'

/** Settings and credentials as they are entered, not yet checked. */
export interface EnteredConnection {
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, unknown>>
}

const kinds: Readonly<Record<Field['type'], string>> = {
  text: 'Text',
  url: 'Url',
  secret: 'PasswordText',
  choice: 'PredefinedChooseOne',
  boolean: 'Checkbox',
  number: 'Integer',
}

/** What a tenant of the platform is asked for: the settings and credentials of the connector, as `Fields/Get` tells them. */
export function fieldsToEnter(connector: Connector): Wire<'FieldCollection'> {
  const fields = Object.entries({ ...connector.settings, ...connector.credentials })
  return {
    Fields: fields.map(([ID, field], SortOrder) => ({
      ID,
      Definition: {
        ...{ ID, SortOrder, Name: field.title, Description: field.help ?? null },
        Kind: field.type === 'number' && !field.integer ? kinds.text : kinds[field.type],
        IsRequired: !field.optional,
        PredefinedValues: field.type === 'choice' ? Object.fromEntries(field.of.map((one) => [one, one])) : {},
      },
    })),
  }
}

/** What a tenant has entered, as each of his calls carries it. */
export function connectionInHeaders(connector: Connector, given: Headers): EnteredConnection {
  return enteredBy(connector, (name) => given.get(headers.setting + name.toLowerCase()))
}

/** What a tenant enters now, and has not saved yet. */
export function connectionInFields(connector: Connector, { Fields }: Wire<'FieldCollection'>): EnteredConnection {
  const byId = new Map((Fields ?? []).map(({ ID, RawValue }) => [ID?.toLowerCase(), RawValue]))
  return enteredBy(connector, (name) => byId.get(name.toLowerCase()))
}

function enteredBy(connector: Connector, entered: (name: string) => unknown): EnteredConnection {
  const read = (fields: FieldMap) =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, field]) => {
        const value = entered(name)
        return value === undefined || value === null || value === '' ? [] : [[name, valueFor(field, value)]]
      }),
    )
  return { settings: read(connector.settings), credentials: read(connector.credentials) }
}

/** Everything travels as text. What is not of its type stays as it is, and is refused with the rest of the connection. */
function valueFor({ type }: Field, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (type === 'number') return Number.isFinite(Number(value)) ? Number(value) : value
  if (type === 'boolean') return /^(true|1)$/i.test(value) || (/^(false|0)$/i.test(value) ? false : value)
  return value
}
