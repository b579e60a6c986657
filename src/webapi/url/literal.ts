import { isGuid } from '../../internal/ids.ts'
import { badRequest } from '../refusals.ts'
import { splitOutside } from './segments.ts'

/** The values of parameter aliases, as they stand in the query: `@p1` → `'x'`. */
export type Aliases = ReadonlyMap<string, string>

const ENUM = /^Microsoft\.Dynamics\.CRM\.\w+'([^']*)'$/
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/**
 * The value of a literal in a URL: a text in quotes, a number, a GUID, a moment or day (these as texts), an enum member
 * (its name), `null`, JSON, or an alias of one. An alias that is not given is `null`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-functions#passing-parameters-to-a-function
 */
export function parseLiteral(text: string, aliases: Aliases): unknown {
  const literal = text.trim()
  if (literal.startsWith('@')) {
    const value = aliases.get(literal)
    if (value?.trim().startsWith('@')) throw badRequest(`The parameter alias '${literal}' stands for another alias.`)
    return value === undefined ? null : parseLiteral(value, aliases)
  }
  if (literal === 'null') return null
  if (literal === 'true' || literal === 'false') return literal === 'true'
  if (/^'(?:[^']|'')*'$/.test(literal)) return literal.slice(1, -1).replaceAll("''", "'")
  if (NUMBER.test(literal)) return Number(literal)
  if (literal.startsWith('{') || literal.startsWith('[')) return parseJson(literal)
  const member = ENUM.exec(literal)
  if (member) return member[1]!
  if (isGuid(literal)) return literal.toLowerCase()
  if (/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/i.test(literal)) return literal
  throw badRequest(`'${literal}' is not a value: texts stand in single quotes.`)
}

/** The arguments in a function's parentheses: names, and the literals as they stand. */
export function parseArguments(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  if (text.trim() === '') return parameters
  for (const part of splitOutside(text, ',')) {
    const equals = part.indexOf('=')
    const name = part.slice(0, Math.max(equals, 0)).trim()
    if (!/^\w+$/.test(name))
      throw badRequest(`'${part.trim()}' is not a parameter: write 'Name=value' or 'Name=@alias'.`)
    if (parameters.has(name)) throw badRequest(`The parameter '${name}' is given more than once.`)
    parameters.set(name, part.slice(equals + 1).trim())
  }
  return parameters
}

/** JSON whose texts may stand in single quotes, as Microsoft's documentation writes it in URLs. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    try {
      return JSON.parse(withDoubleQuotes(text))
    } catch (error) {
      throw badRequest(
        `Invalid JSON in '${text.length > 60 ? `${text.slice(0, 57)}…` : text}': ${(error as Error).message}`,
      )
    }
  }
}

function withDoubleQuotes(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|'((?:[^']|'')*)'/g, (whole, inner: string | undefined) =>
    inner === undefined ? whole : JSON.stringify(inner.replaceAll("''", "'")),
  )
}
