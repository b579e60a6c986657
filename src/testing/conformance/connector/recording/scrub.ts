import type { Connector } from '../../../../connectors/index.ts'
import { createRedaction } from '../../../../connectors/redaction.ts'
import type { Fixture, Interaction } from './fixture.ts'

const SECRET_NAME = /token|secret|password|cookie|api.?key|authorization/i
/** Anything shorter is a kind of token rather than one, such as `bearer`. */
const SHORTEST_TOKEN = 8
/** What says nothing about the answer, or is not true of a replayed one. */
const DROPPED_HEADER = /^(date|connection|keep-alive|transfer-encoding|content-length|content-encoding)$/

type Values = Readonly<Record<string, unknown>>

/** The fields whose values are not for files: every secret, and each text of the credentials that may be any text. */
export function hiddenFields({ settings, credentials }: Pick<Connector, 'settings' | 'credentials'>): string[] {
  const isHidden = ([name, field]: [string, Connector['settings'][string]]) =>
    field.type === 'secret' || (name in credentials && field.type === 'text' && field.pattern === undefined)
  return Object.entries({ ...settings, ...credentials })
    .filter(isHidden)
    .map(([name]) => name)
}

/** What stands in a file where a secret was. */
export const placeholderOf = (name: string) => `scrubbed-${name}`

/**
 * The fixture without the secrets that the connector declares, the tokens that came back, and what the author calls personal.
 *
 * @throws Error when a secret is left over in any spelling
 */
export function scrub(
  fixture: Fixture,
  connector: Connector,
  values: { readonly settings: Values; readonly credentials: Values },
  personal: readonly string[],
): Fixture {
  const entered = { ...values.settings, ...values.credentials }
  const replacements = new Map<string, string>()
  for (const name of hiddenFields(connector)) note(replacements, entered[name], placeholderOf(name))
  for (const { response } of fixture.interactions) learn(response, replacements)

  const hide = (text: string) => {
    const longestFirst = [...replacements].sort(([one], [other]) => other.length - one.length)
    return longestFirst.reduce((all, [secret, placeholder]) => replaceSpellings(all, secret, placeholder), text)
  }
  const interactions = fixture.interactions.map((one): Interaction => {
    const headers = Object.entries(one.headers).filter(
      ([name]) => !DROPPED_HEADER.test(name) && !SECRET_NAME.test(name),
    )
    return {
      ...one,
      headers: Object.fromEntries(headers),
      body: mask(one.body, personal),
      response: mask(one.response, personal),
    }
  })
  const scrubbed = JSON.parse(hide(JSON.stringify({ ...fixture, interactions }))) as Fixture

  const text = JSON.stringify(scrubbed)
  const redact = createRedaction(connector, values)
  if (redact(text) !== text)
    throw new Error(`A secret of ${connector.title} is left in what was recorded: nothing was written.`)
  return scrubbed
}

/** Values of fields with these names, at any depth, are not compared and not written. */
export function mask(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((part) => mask(part, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, names.includes(name) ? placeholderOf(name) : mask(part, names)]),
  )
}

/** Texts in an answer whose names say that they are secrets: the tokens that a sign-in gives. */
function learn(value: unknown, replacements: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, part] of Object.entries(value)) {
    const isToken = SECRET_NAME.test(name) && typeof part === 'string' && part.length >= SHORTEST_TOKEN
    if (isToken) note(replacements, part, placeholderOf(name))
    else learn(part, replacements)
  }
}

function note(replacements: Map<string, string>, secret: unknown, placeholder: string): void {
  if (typeof secret === 'string' && secret !== '' && !replacements.has(secret)) replacements.set(secret, placeholder)
}

function replaceSpellings(text: string, secret: string, placeholder: string): string {
  return text
    .replaceAll(JSON.stringify(secret).slice(1, -1), placeholder)
    .replaceAll(encodeURIComponent(secret), placeholder)
}
