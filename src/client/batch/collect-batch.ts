import type { OrganizationService } from '../../service/index.ts'
import type { ApiAnswer, Exchange } from '../http/api.ts'
import { type BatchItem, isChangeSet } from './print-batch.ts'
import { type ItemOutcome, MAX_BATCH } from './send-batch.ts'

interface Waiting {
  /** Which call of all it belongs to: the batch keeps the order of the calls, whichever was prepared first. */
  readonly call: number
  readonly item: BatchItem
  resolve(answers: readonly ApiAnswer[]): void
  reject(reason: unknown): void
}

/**
 * Runs `work` with a service whose requests are collected: once every call that was made waits for its answer, all go out
 * as one batch. Calls that need the answer of others go out in the next one.
 *
 * @param createService makes a service on an exchange
 * @param sendItems sends one batch
 */
export async function collectBatch<T>(
  work: (service: OrganizationService) => T | Promise<T>,
  createService: (exchange: Exchange) => OrganizationService,
  sendItems: (items: readonly BatchItem[]) => Promise<readonly ItemOutcome[]>,
): Promise<T> {
  let waiting: Waiting[] = []
  /** Calls that were made and have neither ended nor a request on its way or waiting. */
  let preparing = 0
  let isPlanned = false
  let calls = 0

  /** Everything that goes on without an answer is done before the next turn of the event loop. */
  const plan = () => {
    if (isPlanned) return
    isPlanned = true
    setImmediate(() => {
      isPlanned = false
      if (preparing === 0 && waiting.length > 0) void flush()
    })
  }

  const flush = async () => {
    const all = waiting.sort((a, b) => a.call - b.call)
    waiting = []
    for (const batch of split(all)) {
      try {
        const outcomes = await sendItems(batch.map(({ item }) => item))
        for (const [at, { resolve, reject }] of batch.entries()) {
          const outcome = outcomes[at]!
          preparing++
          if (outcome.status === 'fulfilled') resolve(outcome.value)
          else reject(outcome.reason)
        }
      } catch (error) {
        for (const { reject } of batch) {
          preparing++
          reject(error)
        }
      }
    }
  }

  const enqueue = (call: number, item: BatchItem) =>
    new Promise<readonly ApiAnswer[]>((resolve, reject) => {
      waiting.push({ call, item, resolve, reject })
      preparing--
      plan()
    })

  const makeCall = async (method: keyof OrganizationService, parameters: readonly unknown[]) => {
    const call = ++calls
    preparing++
    const service = createService({
      send: async (request) => (await enqueue(call, request))[0]!,
      sendTogether: (requests) => enqueue(call, requests),
    })
    try {
      return await (service[method] as (...all: readonly unknown[]) => Promise<unknown>)(...parameters)
    } finally {
      preparing--
      plan()
    }
  }

  return work(
    Object.fromEntries(
      methods.map((method) => [method, (...parameters: readonly unknown[]) => makeCall(method, parameters)]),
    ) as unknown as OrganizationService,
  )
}

const methods: readonly (keyof OrganizationService)[] = [
  'create',
  'retrieve',
  'update',
  'upsert',
  'delete',
  'retrieveMultiple',
  'associate',
  'disassociate',
  'execute',
]

/** Into batches of at most a thousand requests each. */
function split(waiting: readonly Waiting[]): Waiting[][] {
  const batches: Waiting[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const one of waiting) {
    const count = isChangeSet(one.item) ? one.item.length : 1
    if (size + count > MAX_BATCH) {
      batches.push([])
      size = 0
    }
    batches.at(-1)!.push(one)
    size += count
  }
  return batches
}
