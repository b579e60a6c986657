import type { XmlElement } from '../../internal/xml.ts'
import { MOST_NESTED, XmlRpcError, type XmlRpcStruct, type XmlRpcValue } from './value.ts'

/** What a `value` element says; without a type it is a text. @throws XmlRpcError for what is no value */
export function decodeValue(element: XmlElement, depth = 0): XmlRpcValue {
  if (depth > MOST_NESTED) throw new XmlRpcError(`values nest more than ${MOST_NESTED} deep`)
  const [type, ...others] = element.names
  if (type === undefined) return element.rawContent
  const [typed, ...more] = element.all(type)
  const read = readers.get(type)
  if (others.length > 0 || more.length > 0 || !typed) throw new XmlRpcError('a value has more than one type')
  if (!read) throw new XmlRpcError(`a value has the type ${type.slice(0, 40)}, which there is not`)
  return read(typed, depth)
}

type Reader = (element: XmlElement, depth: number) => XmlRpcValue

/** A map, and not an object, which would know `constructor`. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['i4', ({ content }) => decodeInteger(content)],
  ['int', ({ content }) => decodeInteger(content)],
  ['i8', ({ content }) => decodeBig(content)],
  ['double', ({ content }) => decodeDouble(content)],
  ['boolean', ({ content }) => decodeBoolean(content)],
  ['string', ({ rawContent }) => rawContent],
  ['dateTime.iso8601', ({ content }) => decodeDate(content)],
  ['base64', ({ content }) => decodeBytes(content)],
  ['nil', () => null],
  [
    'array',
    (element, depth) =>
      only(element, 'data')
        .all('value')
        .map((part) => decodeValue(part, depth + 1)),
  ],
  ['struct', (element, depth) => decodeStruct(element, depth)],
])

const refused = (what: string, text: string) => new XmlRpcError(`'${text.slice(0, 40)}' is not ${what}`)

function decodeInteger(text: string): number {
  const value = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value !== (value | 0)) throw refused('a whole number of 32 bits', text)
  return value | 0
}

function decodeBig(text: string): bigint {
  const value = /^[+-]?\d{1,19}$/.test(text) ? BigInt(text.replace('+', '')) : undefined
  if (value === undefined || value !== BigInt.asIntN(64, value)) throw refused('a whole number of 64 bits', text)
  return value
}

/** With an exponent too: some print one. */
function decodeDouble(text: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) throw refused('a number', text)
  return value
}

function decodeBoolean(text: string): boolean {
  if (text !== '0' && text !== '1') throw refused('0 or 1', text)
  return text === '1'
}

const DATE = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/

/** Without a zone it is taken for UTC: the specification leaves that to the server's documentation. */
function decodeDate(text: string): Date {
  const [, year, month, day, time, zone = 'Z'] = DATE.exec(text) ?? []
  const iso = `${year}-${month}-${day}T${time}`
  const date = new Date(iso + zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2'))
  // The 31st of February would become the 3rd of March.
  const isDay = !Number.isNaN(date.getTime()) && new Date(`${iso}Z`).toISOString().startsWith(iso)
  if (!isDay) throw refused('a date', text)
  return date
}

function decodeBytes(text: string): Uint8Array {
  const packed = text.replace(/\s+/g, '')
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) throw refused('Base64', packed)
  return new Uint8Array(Buffer.from(packed, 'base64'))
}

/** `fromEntries` makes own members of any name, `__proto__` among them. */
function decodeStruct(element: XmlElement, depth: number): XmlRpcStruct {
  const members = element.all('member').map((member): [string, XmlRpcValue] => {
    return [only(member, 'name').rawContent, decodeValue(only(member, 'value'), depth + 1)]
  })
  if (new Set(members.map(([name]) => name)).size < members.length) throw new XmlRpcError('a struct has a member twice')
  return Object.fromEntries(members)
}

export function only(element: XmlElement, name: string): XmlElement {
  const [found, ...others] = element.all(name)
  if (!found || others.length > 0) throw new XmlRpcError(`a ${element.name} has not exactly one ${name}`)
  return found
}
