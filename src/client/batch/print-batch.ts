import type { ApiRequest } from '../http/api.ts'

/** A part of a batch: a request, or several that take effect together. */
export type BatchItem = ApiRequest | readonly ApiRequest[]

/** The content of a batch, and what its header says of it. */
export interface PrintedBatch {
  readonly contentType: string
  readonly body: string
}

/**
 * Writes a batch: lines end in CRLF, addresses are complete, and each request of a change set has a content id.
 *
 * @param addressOf completes the address of a request
 * @param boundary what separates the parts; must not occur in one
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function printBatch(
  items: readonly BatchItem[],
  addressOf: (request: ApiRequest) => string,
  boundary: string,
): PrintedBatch {
  let contentId = 0
  const batch = `batch_${boundary}`
  const lines: string[] = []
  for (const [at, item] of items.entries()) {
    lines.push(`--${batch}`)
    if (!isChangeSet(item)) {
      lines.push(...printRequest(item, addressOf))
      continue
    }
    const changeSet = `changeset_${at + 1}_${boundary}`
    lines.push(`Content-Type: multipart/mixed; boundary="${changeSet}"`, '')
    for (const request of item) lines.push(`--${changeSet}`, ...printRequest(request, addressOf, ++contentId))
    lines.push(`--${changeSet}--`, '')
  }
  lines.push(`--${batch}--`, '')
  return { contentType: `multipart/mixed; boundary="${batch}"`, body: lines.join('\r\n') }
}

export function isChangeSet(item: BatchItem): item is readonly ApiRequest[] {
  return Array.isArray(item)
}

function printRequest(request: ApiRequest, addressOf: (request: ApiRequest) => string, contentId?: number): string[] {
  const { method, headers = {}, body } = request
  if (body !== undefined && typeof body !== 'string')
    throw new TypeError('The bytes of a file cannot be sent in a batch.')
  const { 'Content-Type': type, ...others } = headers
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
    '',
    `${method} ${addressOf(request)} HTTP/1.1`,
    'Accept: application/json',
    ...(body === undefined ? [] : [`Content-Type: ${type ?? 'application/json'}; type=entry`]),
    ...Object.entries(others).map(([name, value]) => `${name}: ${value}`),
    '',
    body ?? '',
  ]
}
