import type { ColumnDefinition } from '../../entities/index.ts'
import { parseMoment } from '../../internal/date-text.ts'
import type { ColumnValue } from '../../service/index.ts'
import { edmTypeOf } from './edm-type.ts'
import type { Token } from './tokens.ts'

const numeric = ['Edm.Int32', 'Edm.Int64', 'Edm.Decimal', 'Edm.Double']

export function isNumeric(edmType: string): boolean {
  return numeric.includes(edmType)
}

/** Whether a token can stand where a value is asked for, other than `null`. */
export function isLiteral({ kind, text }: Token): boolean {
  if (kind === 'name') return text === 'true' || text === 'false'
  return kind !== 'sign' && kind !== 'end' && kind !== 'json'
}

export function edmTypeOfLiteral({ kind, text }: Token): string {
  switch (kind) {
    case 'string':
      return 'Edm.String'
    case 'guid':
      return 'Edm.Guid'
    case 'date':
      return 'Edm.Date'
    case 'dateTime':
      return 'Edm.DateTimeOffset'
    case 'number':
      return /^-?\d+l?$/i.test(text) ? (Math.abs(numberOf(text)) < 2 ** 31 ? 'Edm.Int32' : 'Edm.Int64') : 'Edm.Decimal'
    default:
      return 'Edm.Boolean'
  }
}

/** The literal as a value of the column; `undefined` when it is not one. A GUID may be written in quotes. */
export function valueFor(definition: ColumnDefinition, token: Token): ColumnValue | undefined {
  const wanted = edmTypeOf(definition)
  const { kind, text } = token
  switch (kind) {
    case 'string':
      return wanted === 'Edm.String' || (wanted === 'Edm.Guid' && isGuidText(text)) ? text : undefined
    case 'guid':
      return wanted === 'Edm.Guid' ? text.toLowerCase() : undefined
    case 'number':
      return isNumeric(wanted) ? numberOf(text) : undefined
    case 'date':
      return wanted === 'Edm.Date' || wanted === 'Edm.DateTimeOffset' ? text : undefined
    case 'dateTime':
      if (wanted === 'Edm.Date') return text.slice(0, 10)
      return wanted === 'Edm.DateTimeOffset' ? (parseMoment(text) ?? text) : undefined
    default:
      return wanted === 'Edm.Boolean' ? text === 'true' : undefined
  }
}

const isGuidText = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** A number may end in a letter that says its type. */
function numberOf(text: string): number {
  return Number(text.replace(/[lmdf]$/i, ''))
}

/** The literal as an argument of a query function, which takes numbers and days as texts too. */
export function argumentOf({ kind, text }: Token): ColumnValue {
  if (kind === 'number') return numberOf(text)
  if (kind === 'name') return text === 'true'
  return text
}
