import type { Connector } from './connector.ts'
import type { FieldMap } from './field.ts'
import type { Json } from './json.ts'

/** Takes the secrets out of a text. */
export type Redact = (text: string) => string

const MASK = '[redacted]'

/** What {@link createRedaction} hides: each text of the credentials, and the secrets among the settings. */
export function createRedaction(
  connector: Pick<Connector, 'settings' | 'credentials'>,
  values: {
    readonly settings: Readonly<Record<string, unknown>>
    readonly credentials: Readonly<Record<string, unknown>>
  },
): Redact {
  const secrets = [
    ...textsOf(connector.settings, values.settings, ['secret']),
    ...textsOf(connector.credentials, values.credentials, ['secret', 'text']),
  ]
  const spellings = [...new Set(secrets.flatMap(spellingsOf))].sort((one, other) => other.length - one.length)
  return (text) => spellings.reduce((redacted, spelling) => redacted.replaceAll(spelling, MASK), text)
}

/** The same JSON without the secrets, in keys and in values. */
export function redactJson(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return redact(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((part) => redactJson(part, redact))
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [redact(key), redactJson(part, redact)]))
}

function textsOf(fields: FieldMap, values: Readonly<Record<string, unknown>>, types: readonly string[]): string[] {
  return Object.entries(fields).flatMap(([name, { type }]) => {
    const value = values[name]
    return types.includes(type) && typeof value === 'string' ? [value] : []
  })
}

/** A secret shows itself in an address, in JSON and in Base64 as well. */
function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ]
}
