import type { Row } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { json } from '../responses.ts'
import type { WebAnswer } from '../web-request.ts'
import { annotatingFor } from './annotating.ts'
import { type Annotating, encodeRow } from './encode-row.ts'
import { expansionsOf } from './expand.ts'
import type { ReadPlan } from './read-plan.ts'
import { etagOf } from './row-shape.ts'

interface Representing {
  readonly status: 200 | 201
  readonly written: boolean
}

/** An answer that is one row: at once where nothing has to be looked up for it. */
export function representation(
  exchange: Exchange,
  plan: ReadPlan,
  row: Row,
  how: Representing,
): WebAnswer | Promise<WebAnswer> {
  const isAlone = !exchange.preferences.annotated && plan.expansions.length === 0
  return isAlone ? print(exchange, plan, row, how, undefined, '') : lookedUp(exchange, plan, row, how)
}

async function lookedUp(exchange: Exchange, plan: ReadPlan, row: Row, how: Representing): Promise<WebAnswer> {
  const annotating = await annotatingFor(exchange, plan.shape, [row])
  const [expanded = ''] = await expansionsOf(exchange, plan, [row], { single: true, nested: false })
  return print(exchange, plan, row, how, annotating, expanded)
}

function print(
  { baseUrl, preferences }: Exchange,
  { shape, context }: ReadPlan,
  row: Row,
  { status, written }: Representing,
  annotating: Annotating | undefined,
  expanded: string,
): WebAnswer {
  const etag = etagOf(row)
  const set = shape.type.table.collectionName
  const body = `{"@odata.context":"${baseUrl}/$metadata#${set}${context}/$entity",${encodeRow(shape, row, annotating)}${expanded}}`
  const applied = preferences.applied({ representation: written })
  return json(status, body, etag === undefined ? applied : { ...applied, ETag: etag })
}
