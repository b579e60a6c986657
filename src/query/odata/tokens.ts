import { dataverseError } from '../../service/index.ts'
import { uriErrorAt } from './uri-error.ts'

/** The longest text that is looked at: what a URL within a batch may hold. */
const MAX_LENGTH = 65_536

export type TokenKind = 'name' | 'string' | 'number' | 'guid' | 'date' | 'dateTime' | 'json' | 'sign' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As it is written; of a string: what it says, without the quotes. */
  readonly text: string
  /** How many characters stand before it. */
  readonly position: number
}

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy
const DATE_TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)?(?![\w-])/iy
const DATE = /\d{4}-\d\d-\d\d(?![\w-])/y
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?[lmdf]?(?![\w.])/iy
/** Dots belong to names: `Microsoft.Dynamics.CRM.Today`. An `@` begins a parameter alias, a `$` an option. */
const NAME = /[@$]?[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/uy
const SPACE = /[ \t\r\n]+/y
const SIGNS = '(),/:;=*'

/** Cuts the text of a query option into tokens; the last one is the end. */
export function tokenize(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw dataverseError('RequestLengthTooLarge', {})
  const tokens: Token[] = []
  let position = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position
    return pattern.exec(text)?.[0]
  }
  while (position < text.length) {
    const space = match(SPACE)
    if (space) {
      position += space.length
      continue
    }
    const found = tokenAt(text, position, match)
    tokens.push(found.token)
    position = found.end
  }
  tokens.push({ kind: 'end', text: '', position })
  return tokens
}

interface Found {
  readonly token: Token
  readonly end: number
}

const patterns = [
  ['guid', GUID],
  ['dateTime', DATE_TIME],
  ['date', DATE],
  ['number', NUMBER],
  ['name', NAME],
] as const

function tokenAt(text: string, position: number, match: (pattern: RegExp) => string | undefined): Found {
  const character = text[position]!
  if (character === "'") return stringAt(text, position)
  if (character === '[') return jsonAt(text, position)
  if (SIGNS.includes(character)) return { token: { kind: 'sign', text: character, position }, end: position + 1 }
  for (const [kind, pattern] of patterns) {
    const written = match(pattern)
    if (written) return { token: { kind, text: written, position }, end: position + written.length }
  }
  throw uriErrorAt(`Syntax error: character '${character}' is not valid`, position, text)
}

/** In quotes, with quotes inside written twice. */
function stringAt(text: string, position: number): Found {
  for (let at = position + 1; ; at++) {
    at = text.indexOf("'", at)
    if (at === -1) throw uriErrorAt('There is an unterminated literal', text.length, text)
    if (text[at + 1] !== "'") {
      const said = text.slice(position + 1, at).replaceAll("''", "'")
      return { token: { kind: 'string', text: said, position }, end: at + 1 }
    }
    at++
  }
}

/** A list in brackets, up to the bracket that closes it outside of quotes, or to the next one where quotes do not match. */
function jsonAt(text: string, position: number): Found {
  let quote: string | undefined
  let end = -1
  for (let at = position + 1; at < text.length && end === -1; at++) {
    const character = text[at]!
    if (quote !== undefined) {
      if (character === '\\' && quote === '"') at++
      else if (character === quote) quote = undefined
    } else if (character === '"' || character === "'") quote = character
    else if (character === ']') end = at
  }
  if (end === -1) end = text.indexOf(']', position)
  if (end === -1) throw uriErrorAt('There is an unterminated literal', text.length, text)
  return { token: { kind: 'json', text: text.slice(position, end + 1), position }, end: end + 1 }
}
