import { DataverseError, errorCodes } from '../../service/index.ts'
import { type ApiAnswer, type ApiRequest, titleOf } from '../http/api.ts'
import { type CallSettings, settingsHeaders } from '../http/call-settings.ts'
import type { Requester } from '../http/requester.ts'
import { type ItemAnswer, isBatchAnswer, type PartAnswer, parseBatch } from './parse-batch.ts'
import { type BatchItem, isChangeSet, printBatch } from './print-batch.ts'

export interface BatchOptions {
  /** Go on after a request that failed. Default: false, and those after it are not run. */
  readonly continueOnError?: boolean
}

/** What came of a part of a batch. */
export type ItemOutcome = PromiseSettledResult<readonly ApiAnswer[]>

/** The most requests that one batch may have. */
export const MAX_BATCH = 1000

/**
 * Sends requests as one, and tells what came of each. Rejects where the batch itself was refused.
 *
 * @param boundary see {@link printBatch}
 */
export async function sendBatch(
  requester: Requester,
  settings: CallSettings,
  items: readonly BatchItem[],
  { continueOnError = false }: BatchOptions,
  boundary: string,
): Promise<readonly ItemOutcome[]> {
  const own = settingsHeaders(settings)
  const inPart = (request: ApiRequest) => ({ ...request, headers: { ...own, ...request.headers } })
  const parts = items.map((item) => (isChangeSet(item) ? item.map(inPart) : inPart(item)))
  const { contentType, body } = printBatch(parts, ({ path }) => `${requester.baseUrl}/${path}`, boundary)
  const request = {
    method: 'POST' as const,
    path: '$batch',
    headers: { 'Content-Type': contentType, ...(continueOnError ? { Prefer: 'odata.continue-on-error' } : {}) },
    body,
    repeatable: items.every((item) => !isChangeSet(item) && item.method === 'GET'),
  }
  const answer = await requester.ask(request, settings)
  if (!isBatchAnswer(answer)) throw requester.failure(request, answer)
  const answers = parseBatch(answer)
  let contentIds = 0
  return items.map((item, at) => {
    const before = contentIds
    if (isChangeSet(item)) contentIds += item.length
    return outcomeOf(requester, item, answers[at], before)
  })
}

/** @param before how many content ids were given out to change sets before this item */
function outcomeOf(requester: Requester, item: BatchItem, answer: ItemAnswer | undefined, before: number): ItemOutcome {
  if (answer === undefined) return rejected(notRun(item))
  const requests = isChangeSet(item) ? item : [item]
  const answers: readonly PartAnswer[] = 'status' in answer ? [answer] : answer
  const failed = answers.find(({ status }) => !(status < 300))
  if (failed) {
    const request = requests[Number(failed.contentId) - before - 1] ?? requests[0]!
    return rejected(requester.failure(request, failed))
  }
  if (answers.length !== requests.length) return rejected(notRun(item))
  return { status: 'fulfilled', value: answers }
}

const rejected = (reason: Error): PromiseRejectedResult => ({ status: 'rejected', reason })

/** 424 is HTTP's word for it: Failed Dependency. */
function notRun(item: BatchItem): DataverseError {
  const title = titleOf(isChangeSet(item) ? item[0]! : item)
  return new DataverseError(
    'BatchStopped',
    errorCodes.UnExpected.code,
    424,
    `${title} was not run, because a request before it in the batch failed. Use continueOnError to run all.`,
  )
}
