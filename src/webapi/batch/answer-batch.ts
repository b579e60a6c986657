import type { OrganizationService } from '../../service/index.ts'
import { decodeText } from '../body.ts'
import type { Exchange } from '../exchange.ts'
import { badRequest } from '../refusals.ts'
import { headersOfBatches } from '../request-options.ts'
import { content, failure } from '../responses.ts'
import { resolveContentId } from '../rows/locate.ts'
import { inTransaction } from '../transaction.ts'
import { pathOfUrl } from '../url/address.ts'
import type { WebAnswer, WebRequest } from '../web-request.ts'
import { type BatchedRequest, type BatchItem, parseBatch } from './parse-batch.ts'
import { malformed } from './parse-multipart.ts'
import { type AnsweredItem, type BatchedAnswer, printBatch } from './print-batch.ts'

/**
 * Answers the requests of a batch in their order, up to the first that fails unless the caller prefers to go on. A change
 * set takes effect as a whole or not at all.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export async function answerBatch(exchange: Exchange): Promise<WebAnswer> {
  const { request, preferences, newId, maxBodyBytes } = exchange
  const text = decodeText(await request.bytes(maxBodyBytes), malformed)
  const items = parseBatch(text, request.header('content-type'))
  const answered: AnsweredItem[] = []
  let status = 200
  for (const item of items) {
    const answer = await answerItem(exchange, item)
    answered.push(answer)
    const failed = failureIn(answer)
    if (failed === undefined || preferences.continueOnError) continue
    status = failed
    break
  }
  const boundary = `batchresponse_${newId()}`
  return content(status, `multipart/mixed; boundary=${boundary}`, printBatch(answered, boundary))
}

function failureIn(item: AnsweredItem): number | undefined {
  const answers = item.kind === 'request' ? [item.answered] : item.answered
  return answers.map(({ answer }) => answer.status).find((status) => status >= 400)
}

async function answerItem(exchange: Exchange, item: BatchItem): Promise<AnsweredItem> {
  if (item.kind === 'request') {
    const { request } = item
    const answer = await answerRequest(exchange, request, {})
    return { kind: 'request', answered: { answer, contentId: request.contentId } }
  }
  const boundary = `changesetresponse_${exchange.newId()}`
  return { kind: 'changeSet', boundary, answered: await answerChangeSet(exchange, item.requests) }
}

/** Carries the answer that ended a change set out of its transaction, which it undoes on the way. */
class ChangeSetFailed extends Error {
  constructor(readonly answered: BatchedAnswer) {
    super('A request of the change set has failed.')
  }
}

/** Of a change set that fails only the failing request is answered, as on the platform. */
async function answerChangeSet(
  exchange: Exchange,
  requests: readonly BatchedRequest[],
): Promise<readonly BatchedAnswer[]> {
  try {
    const service = await exchange.serviceFor(partOf(exchange, requests[0]))
    return await inTransaction(service, 'A change set', (inner) => answerInOrder(exchange, requests, inner))
  } catch (error) {
    if (error instanceof ChangeSetFailed) return [error.answered]
    return [{ answer: failure(error, exchange.newId()), contentId: undefined }]
  }
}

async function answerInOrder(
  exchange: Exchange,
  requests: readonly BatchedRequest[],
  service: OrganizationService,
): Promise<readonly BatchedAnswer[]> {
  const contentIds = new Map<string, string>()
  const answered: BatchedAnswer[] = []
  for (const request of requests) {
    const { contentId } = request
    const answer = await answerRequest(exchange, request, { service, contentIds })
    if (answer.status >= 400) throw new ChangeSetFailed({ answer, contentId })
    if (contentId !== undefined && answer.entity !== undefined) contentIds.set(`$${contentId}`, answer.entity)
    answered.push({ answer, contentId })
  }
  return answered
}

interface ChangeSetContext {
  readonly service?: OrganizationService
  readonly contentIds?: ReadonlyMap<string, string>
}

async function answerRequest(
  exchange: Exchange,
  request: BatchedRequest,
  changeSet: ChangeSetContext,
): Promise<WebAnswer> {
  try {
    if (changeSet.service && (request.method === 'GET' || request.method === 'HEAD')) {
      throw badRequest(`A change set cannot contain a ${request.method} request.`)
    }
    const url = completeUrl(exchange, resolveContentId(request.url, changeSet.contentIds ?? new Map()))
    return await exchange.answerPart({ ...partOf(exchange, request), url }, changeSet)
  } catch (error) {
    return failure(error, exchange.newId())
  }
}

/** The URL of a part, which may be relative to the base or to the host. */
function completeUrl({ baseUrl, basePath }: Exchange, url: string): string {
  const [path = '', ...query] = url.split('?')
  const behind = pathOfUrl(path, basePath)
  if (behind === undefined) throw badRequest(`'${url}' is not a URL of this environment.`)
  if (/^\/*\$batch$/.test(behind)) throw badRequest('A batch cannot contain another batch.')
  return [`${baseUrl}${behind.startsWith('/') ? '' : '/'}${behind}`, ...query].join('?')
}

/** The request of a part, its URL as it is written. */
function partOf({ request: batch }: Exchange, part: BatchedRequest | undefined): WebRequest {
  const { method = 'GET', url = '', headers = new Map<string, string>(), content = '' } = part ?? {}
  return {
    method,
    url,
    header: (name) => headers.get(name) ?? (headersOfBatches.has(name) ? batch.header(name) : undefined),
    bytes: async () => Buffer.from(content),
    isPart: true,
  }
}
