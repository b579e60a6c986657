import type { Row } from '../service/index.ts'
import { encodeRow, etagOf } from './encode-row.ts'
import type { Exchange } from './exchange.ts'
import type { EntityType } from './model.ts'
import { appliedPreferences } from './preferences.ts'
import { json } from './responses.ts'
import type { Selection } from './selection.ts'

/** An answer that is one row. */
export function representation(
  { baseUrl, request, preferences }: Exchange,
  { table }: EntityType,
  row: Row,
  { shown, context }: Selection,
  { status, written }: { readonly status: 200 | 201; readonly written: boolean },
): Response {
  const etag = etagOf(row)
  return json(
    status,
    {
      '@odata.context': `${baseUrl}/$metadata#${table.collectionName}${context}/$entity`,
      ...encodeRow(table, row, shown, preferences),
    },
    {
      ...appliedPreferences(request, preferences, { representation: written }),
      ...(etag === undefined ? {} : { ETag: etag }),
    },
  )
}
