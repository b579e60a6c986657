import type { Connector } from './connector.ts'
import type { FieldMap } from './field.ts'
import type { Json } from './json.ts'

/** Takes the secrets out of a text. */
export type Redact = (text: string) => string

const MASK = '[redacted]'

/** Secrets that a connection comes by while it runs, such as access tokens. The newest few are remembered. */
export interface LearnedSecrets {
  /** Remembers the secret, and answers it. */
  add(secret: string): string
  /** Every spelling of them. */
  readonly spellings: readonly string[]
}

const MOST_LEARNED = 8

export function createLearnedSecrets(): LearnedSecrets {
  const bySecret = new Map<string, readonly string[]>()
  let spellings: readonly string[] = []
  return {
    add(secret) {
      if (bySecret.has(secret)) return secret
      bySecret.set(secret, spellingsOf(secret))
      if (bySecret.size > MOST_LEARNED) bySecret.delete(bySecret.keys().next().value!)
      spellings = [...bySecret.values()].flat()
      return secret
    },
    get spellings() {
      return spellings
    },
  }
}

/** What {@link createRedaction} hides: each text of the credentials, the secrets among the settings, and those learned. */
export function createRedaction(
  connector: Pick<Connector, 'settings' | 'credentials'>,
  values: {
    readonly settings: Readonly<Record<string, unknown>>
    readonly credentials: Readonly<Record<string, unknown>>
  },
  learned: LearnedSecrets = createLearnedSecrets(),
): Redact {
  const secrets = [
    ...textsOf(connector.settings, values.settings, ['secret']),
    ...textsOf(connector.credentials, values.credentials, ['secret', 'text']),
  ]
  const spellings = [...new Set(secrets.flatMap(spellingsOf))].sort((one, other) => other.length - one.length)
  const hide = (text: string, spelling: string) => text.replaceAll(spelling, MASK)
  return (text) => learned.spellings.reduce(hide, spellings.reduce(hide, text))
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
