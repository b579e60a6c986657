import type { Row } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { json } from '../responses.ts'
import type { WebAnswer } from '../web-request.ts'
import { annotatingFor } from './annotating.ts'
import { encodeRow } from './encode-row.ts'
import { expansionsOf } from './expand.ts'
import type { ReadPlan } from './read-plan.ts'
import { etagOf } from './row-shape.ts'

/** An answer that is one row. */
export async function representation(
  exchange: Exchange,
  plan: ReadPlan,
  row: Row,
  { status, written }: { readonly status: 200 | 201; readonly written: boolean },
): Promise<WebAnswer> {
  const { baseUrl, preferences } = exchange
  const { shape, context } = plan
  const etag = etagOf(row)
  const annotating = preferences.annotated ? await annotatingFor(exchange, shape, [row]) : undefined
  const [expanded = ''] =
    plan.expansions.length > 0 ? await expansionsOf(exchange, plan, [row], { single: true, nested: false }) : []
  const set = shape.type.table.collectionName
  const body = `{"@odata.context":"${baseUrl}/$metadata#${set}${context}/$entity",${encodeRow(shape, row, annotating)}${expanded}}`
  return json(status, body, {
    ...preferences.applied({ representation: written }),
    ...(etag === undefined ? {} : { ETag: etag }),
  })
}
