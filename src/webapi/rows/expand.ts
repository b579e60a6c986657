import { MAX_PAGE_SIZE } from '../../query/index.ts'
import {
  type Condition,
  type EntityReference,
  isEntityReference,
  type QueryExpression,
  type Row,
} from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { quoted } from '../json-text.ts'
import { annotatingFor } from './annotating.ts'
import { encodeRow } from './encode-row.ts'
import { skipTokenOf } from './paging.ts'
import { type Expansion, type ExpansionToMany, type ExpansionToOne, type ReadPlan, showing } from './read-plan.ts'

/** Where rows are expanded from. */
export interface ExpandContext {
  /** A row asked for by itself, instead of one of a set. */
  readonly single: boolean
  /** Below another expansion, or beside one that is nested. */
  readonly nested: boolean
}

/** As many ids as one condition takes. */
const MOST_IDS = 2000

/**
 * The members that expanding adds to each row, as JSON behind a comma. Each navigation property is read for all rows
 * together, not for each by itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 */
export async function expansionsOf(
  exchange: Exchange,
  plan: ReadPlan,
  rows: readonly Row[],
  context: ExpandContext,
): Promise<readonly string[]> {
  if (plan.expansions.length === 0 || rows.length === 0) return []
  const inner = { single: context.single, nested: context.nested || plan.nested }
  const texts = rows.map(() => '')
  for (const expansion of plan.expansions) {
    const members =
      expansion.kind === 'toOne'
        ? await expandToOne(exchange, expansion, rows, inner)
        : await expandToMany(exchange, plan, expansion, rows, inner)
    members.forEach((member, at) => {
      texts[at] += `,${member}`
    })
  }
  return texts
}

async function expandToOne(
  exchange: Exchange,
  expansion: ExpansionToOne,
  rows: readonly Row[],
  context: ExpandContext,
): Promise<string[]> {
  const { name, navigation, reference, plan } = expansion
  const key = quoted(name)
  const found = rows.map((row) => {
    const value = row[navigation.column]
    return isEntityReference(value) && navigation.targets.includes(value.logicalName) ? value : undefined
  })
  if (reference) return found.map((value) => referenceMembers(exchange, expansion, value))
  // An owner may be a user or a team, which have nothing in common but this.
  if (!plan) return found.map((value) => `${key}:${value ? `{"ownerid":"${value.id}"}` : 'null'}`)

  const { primaryKey } = plan.shape.type.table
  const ids = [...new Set(found.flatMap((value) => value?.id ?? []))]
  const referred = await readAll(exchange, plan, expansion, primaryKey, ids, {})
  const texts = await encodeAll(exchange, plan, referred, context, context.single)
  const byId = new Map(referred.map((row, at) => [row[primaryKey], texts[at]!]))
  return found.map((value) => `${key}:${(value && byId.get(value.id)) ?? 'null'}`)
}

/** The id of the row, and its URL. */
function referenceMembers(
  { baseUrl, model }: Exchange,
  { name, navigation }: ExpansionToOne,
  value: EntityReference | undefined,
): string {
  const id = `"_${navigation.column}_value":${value ? quoted(value.id) : 'null'}`
  if (!value) return `${id},${quoted(name)}:null`
  const set = model.table(value.logicalName).table.collectionName
  return `${id},${quoted(name)}:{"@odata.id":${quoted(`${baseUrl}/${set}(${value.id})`)}}`
}

async function expandToMany(
  exchange: Exchange,
  parent: ReadPlan,
  expansion: ExpansionToMany,
  rows: readonly Row[],
  context: ExpandContext,
): Promise<string[]> {
  const { collection } = expansion
  const ids = rows.map((row) => row[parent.shape.type.table.primaryKey] as string)
  // A collection of a collection shows which row of it its rows belong to.
  const plan =
    collection.kind === 'oneToMany' && !context.single ? showing(expansion.plan, collection.column) : expansion.plan
  const size = context.nested ? exchange.preferences.maxPageSize : undefined
  const groups =
    expansion.top === undefined && size === undefined
      ? await readTogether(exchange, plan, expansion, ids)
      : await readEach(exchange, plan, expansion, ids, size)
  const texts = await encodeAll(
    exchange,
    plan,
    groups.flatMap(({ rows }) => rows),
    context,
    !context.nested,
  )
  let at = 0
  return groups.map((group, index) => {
    const members = texts.slice(at, at + group.rows.length)
    at += group.rows.length
    const link =
      context.single && !context.nested ? '' : linkMember(exchange, parent, expansion, ids[index]!, group.next)
    return `${quoted(expansion.name)}:[${members.join(',')}]${link}`
  })
}

/** Where the collection can be asked for by itself; of a page that is not the last, where it goes on. */
function linkMember(
  { baseUrl }: Exchange,
  { shape, nested }: ReadPlan,
  { name, query }: ExpansionToMany,
  id: string,
  next: string | undefined,
): string {
  if (nested && next === undefined) return ''
  const url = `${baseUrl}/${shape.type.table.collectionName}(${id})/${name}`
  const options = [query, next].filter((option) => option !== undefined && option !== '').join('&')
  return `,${quoted(`${name}@odata.nextLink`)}:${quoted(options === '' ? url : `${url}?${options}`)}`
}

interface Group {
  readonly rows: readonly Row[]
  /** The option that leads to the next page. */
  readonly next?: string | undefined
}

/** The rows of all parents by few queries, divided among them. */
async function readTogether(
  exchange: Exchange,
  plan: ReadPlan,
  expansion: ExpansionToMany,
  ids: readonly string[],
): Promise<readonly Group[]> {
  const { collection } = expansion
  const groups = new Map<string, Row[]>(ids.map((id) => [id, []]))
  if (collection.kind === 'oneToMany') {
    const withLookup = { ...plan, read: [...new Set([...plan.read, collection.column])] }
    for (const row of await readAll(exchange, withLookup, expansion, collection.column, ids, {})) {
      groups.get((row[collection.column] as EntityReference).id)?.push(row)
    }
  } else {
    const parentOf = `${collection.intersect}.${collection.mine}`
    for (const row of await readAll(exchange, plan, expansion, undefined, ids, {})) {
      const parent = row[parentOf]
      groups.get(isEntityReference(parent) ? parent.id : (parent as string))?.push(row)
    }
  }
  return ids.map((id) => ({ rows: groups.get(id)! }))
}

/** The rows of each parent by a query of its own: each has its own first rows, or its own pages. */
async function readEach(
  exchange: Exchange,
  plan: ReadPlan,
  expansion: ExpansionToMany,
  ids: readonly string[],
  size: number | undefined,
): Promise<readonly Group[]> {
  const groups: Group[] = []
  for (const id of ids) {
    const bounds = size === undefined ? { top: Math.min(expansion.top!, MAX_PAGE_SIZE) } : { page: { size } }
    const query = queryFor(exchange, plan, expansion, lookupOf(expansion), [id], bounds)
    const { rows, moreRecords, pagingCookie } = await exchange.service.retrieveMultiple(query, exchange.requestOptions)
    const next = moreRecords && pagingCookie !== undefined ? `$skiptoken=${skipTokenOf(2, pagingCookie)}` : undefined
    groups.push({ rows, next })
  }
  return groups
}

function lookupOf({ collection }: ExpansionToMany): string | undefined {
  return collection.kind === 'oneToMany' ? collection.column : undefined
}

/** All rows whose column has one of the ids, however many. */
async function readAll(
  exchange: Exchange,
  plan: ReadPlan,
  expansion: Expansion,
  column: string | undefined,
  ids: readonly string[],
  bounds: Pick<QueryExpression, 'top'>,
): Promise<Row[]> {
  const all: Row[] = []
  for (let from = 0; from < ids.length; from += MOST_IDS) {
    const some = ids.slice(from, from + MOST_IDS)
    let page: QueryExpression['page'] = { size: MAX_PAGE_SIZE, number: 1 }
    while (page) {
      const query = queryFor(exchange, plan, expansion, column, some, { ...bounds, page })
      const { rows, moreRecords, pagingCookie } = await exchange.service.retrieveMultiple(query)
      for (const row of rows) all.push(row)
      page =
        moreRecords && pagingCookie !== undefined
          ? { size: MAX_PAGE_SIZE, number: page.number! + 1, cookie: pagingCookie }
          : undefined
    }
  }
  return all
}

/** The query for the rows whose column has one of the ids; without a column those linked with them through an intersect table. */
function queryFor(
  _exchange: Exchange,
  plan: ReadPlan,
  expansion: Expansion,
  column: string | undefined,
  ids: readonly string[],
  bounds: Pick<QueryExpression, 'top' | 'page'>,
): QueryExpression {
  const { logicalName, primaryKey } = plan.shape.type.table
  const among = (name: string): Condition => ({ kind: 'compare', column: name, operator: 'in', values: ids })
  const conditions = [...(column === undefined ? [] : [among(column)]), ...(expansion.filter ? [expansion.filter] : [])]
  const through =
    column === undefined && expansion.kind === 'toMany' && expansion.collection.kind === 'manyToMany'
      ? [intersectLink(expansion.collection, primaryKey, among(expansion.collection.mine))]
      : []
  return {
    table: logicalName,
    columns: plan.read,
    ...(conditions.length === 0 ? {} : { filter: { kind: 'and', conditions } }),
    ...('orders' in expansion && expansion.orders ? { orders: expansion.orders } : {}),
    links: [...expansion.links, ...through],
    ...bounds,
  }
}

function intersectLink(
  { intersect, mine, theirs }: { readonly intersect: string; readonly mine: string; readonly theirs: string },
  primaryKey: string,
  filter: Condition,
) {
  return {
    table: intersect,
    alias: intersect,
    from: theirs,
    to: primaryKey,
    type: 'inner',
    columns: [mine],
    filter,
    intersect: true,
  } as const
}

/** Rows as JSON objects, with what is expanded below them. */
async function encodeAll(
  exchange: Exchange,
  plan: ReadPlan,
  rows: readonly Row[],
  context: ExpandContext,
  withEtag: boolean,
): Promise<string[]> {
  const annotating = await annotatingFor(exchange, plan.shape, rows)
  const expanded = await expansionsOf(exchange, plan, rows, { ...context, nested: true })
  return rows.map((row, at) => `{${encodeRow(plan.shape, row, annotating, withEtag)}${expanded[at] ?? ''}}`)
}
