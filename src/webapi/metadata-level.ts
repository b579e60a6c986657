import { edmTypeOf } from '../query/index.ts'
import type { Exchange } from './exchange.ts'
import type { EntityType, Model } from './model.ts'
import type { WebAnswer, WebRequest } from './web-request.ts'

type Level = 'minimal' | 'full' | 'none'
type Json = Record<string, unknown>

/** How much an answer is to say of itself. */
export function metadataLevelOf(request: WebRequest): Level {
  const accept = request.header('accept')
  if (accept === undefined || !accept.includes('odata.metadata')) return 'minimal'
  return (/odata\.metadata=(full|none)/i.exec(accept)?.[1]?.toLowerCase() as Level | undefined) ?? 'minimal'
}

/**
 * The answer with all that a client without the model would miss, or without all but the values. Made from the one with
 * minimal metadata, which is what nearly everybody asks for.
 *
 * @see https://docs.oasis-open.org/odata/odata-json-format/v4.0/odata-json-format-v4.0.html#_Toc372793041
 */
export function withMetadata(level: Exclude<Level, 'minimal'>, answer: WebAnswer, exchange: Exchange): WebAnswer {
  const { body, headers } = answer
  if (typeof body !== 'string' || !headers['Content-Type']?.startsWith('application/json')) return answer
  const minimal = JSON.parse(body) as Json
  const changed = level === 'none' ? bare(minimal) : full(minimal, exchange)
  return {
    ...answer,
    headers: { ...headers, 'Content-Type': `application/json; odata.metadata=${level}` },
    body: JSON.stringify(changed),
  }
}

const kept = /@odata\.(nextLink|count|deltaLink)$/

/** Without what OData says of values; what was asked for by `Prefer` stays. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([name]) => !name.includes('@odata.') || kept.test(name))
  return Object.fromEntries(members.map(([name, inner]) => [name, bare(inner)]))
}

function full(answer: Json, exchange: Exchange): unknown {
  const { model, baseUrl, options } = exchange
  const [, of = ''] = String(answer['@odata.context']).split('$metadata#')
  const type = model.sets.get(/^\w+/.exec(of)?.[0] ?? '')
  const writer = { model, baseUrl, withLinks: !options.has('$select') }
  if (type && Array.isArray(answer.value)) {
    return { ...answer, value: answer.value.map((row) => fullRow(row as Json, type, writer)) }
  }
  if (type && of.endsWith('/$entity')) return fullRow(answer, type, writer)
  return of.startsWith('Microsoft.Dynamics.CRM.') ? { '@odata.type': `#${of}`, ...answer } : answer
}

interface FullWriter {
  readonly model: Model
  readonly baseUrl: string
  /** Whether to say where navigation properties lead: what is selected leaves them out. */
  readonly withLinks: boolean
}

/** A row, each value behind its type where JSON does not tell it, and behind them where the row leads. */
function fullRow(row: Json, type: EntityType, writer: FullWriter): Json {
  const { table, navigations, collections } = type
  const id = row[table.primaryKey]
  // Groups, and rows that were deleted, are no rows of the table.
  if (typeof id !== 'string') return row
  const { model, baseUrl, withLinks } = writer
  const link = `${table.collectionName}(${id})`
  const { '@odata.context': context, '@odata.etag': etag, ...members } = row
  const written: Json = {
    ...(context === undefined ? {} : { '@odata.context': context }),
    '@odata.type': `#Microsoft.Dynamics.CRM.${table.logicalName}`,
    '@odata.id': `${baseUrl}/${link}`,
    ...(etag === undefined ? {} : { '@odata.etag': etag }),
    '@odata.editLink': link,
  }
  for (const [name, value] of Object.entries(members)) {
    const target = navigations.get(name)?.targets ?? [collections.get(name)?.target]
    const inner = target.length === 1 && target[0] !== undefined ? model.find(target[0]) : undefined
    if (inner && typeof value === 'object' && value !== null) {
      // What is expanded within has a selection of its own.
      const expanded = (one: unknown) => fullRow(one as Json, inner, { ...writer, withLinks: false })
      written[name] = Array.isArray(value) ? value.map(expanded) : expanded(value)
      continue
    }
    const column = type.columns.get(name)
    const edm = column === undefined || value === null ? undefined : edmTypeOf(table.columns[column]!)
    if (edm !== undefined && !told.has(edm)) written[`${name}@odata.type`] = `#${edm.slice('Edm.'.length)}`
    written[name] = value
  }
  if (!withLinks) return written
  for (const name of [...navigations.keys(), ...collections.keys()]) {
    written[`${name}@odata.associationLink`] = `${baseUrl}/${link}/${name}/$ref`
    written[`${name}@odata.navigationLink`] = `${baseUrl}/${link}/${name}`
  }
  return written
}

/** The types that a JSON value tells by itself. */
const told: ReadonlySet<string> = new Set(['Edm.String', 'Edm.Boolean', 'Edm.Int32', 'Edm.Double'])
