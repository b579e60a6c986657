import type { OrganizationService } from '../../service/index.ts'
import type { ApiAnswer, Exchange } from '../http/api.ts'
import { type BatchItem, isChangeSet } from './print-batch.ts'
import { type ItemOutcome, MAX_BATCH } from './send-batch.ts'

interface Waiting {
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
    const all = waiting
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

  const enqueue = (item: BatchItem) =>
    new Promise<readonly ApiAnswer[]>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      preparing--
      plan()
    })

  const service = createService({
    send: async (request) => (await enqueue(request))[0]!,
    sendTogether: (requests) => enqueue(requests),
  })
  return work(
    counted(service, {
      begin: () => {
        preparing++
      },
      end: () => {
        preparing--
        plan()
      },
    }),
  )
}

/** Tells when a call of any method begins and ends. */
function counted(service: OrganizationService, { begin, end }: { begin(): void; end(): void }): OrganizationService {
  const count =
    (method: (...parameters: never[]) => Promise<unknown>) =>
    async (...parameters: never[]) => {
      begin()
      try {
        return await method(...parameters)
      } finally {
        end()
      }
    }
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [name, count(method)]),
  ) as unknown as OrganizationService
}

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
