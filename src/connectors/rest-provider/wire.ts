import { createModelReader, WireError } from '../serving/read-model.ts'
import { type ModelName, models, type Wire } from './models.ts'

/** Carries the shared secret, whole and case-sensitive. */
export const API_KEY_HEADER = 'work-365-rest-provider-api-key'

/** Optional: a request to create that comes again under the same key creates nothing new. */
export const IDEMPOTENCY_HEADER = 'idempotency-key'

/** Sent with `true` where a request to create found that an earlier delivery had created it. */
export const REPLAYED_HEADER = 'idempotent-replayed'

/** How .NET writes a date that is not set, where it may not be `null`. */
export const NO_DATE = '0001-01-01T00:00:00'

/** The longest id that fits into a customer's or a subscription's route. */
export const LONGEST_ID = 50

/** What a caller with no key, and one with a wrong key, is told; both with status 403. */
export const refusals = Object.freeze({ noKey: 'Unknown client!', wrongKey: 'Invalid client!' })

const read = createModelReader(models)

/**
 * Reads a model, its property names in any case. Properties beyond the contract stay as they are, because a provider that
 * sent them wants them back. Numbers may come as text.
 *
 * @throws WireError when the content is of another type; the message names the property.
 */
export function readModel<N extends ModelName>(name: N, content: unknown, at: string = name): Wire<N> {
  return read(name, content, at) as Wire<N>
}

/** Reads a list of models; `null` is an empty one. */
export function readModels<N extends ModelName>(name: N, content: unknown): Wire<N>[] {
  if (content == null) return []
  if (!Array.isArray(content)) throw new WireError(`The list of ${name} has to be an array.`)
  return content.map((part, index) => readModel(name, part, `${name}[${index}]`))
}

/** The moment that a date on the wire names, which is UTC where it names no offset. The year 1 is how .NET says "not set". */
export function fromWireDate(text: string | null | undefined): Date | undefined {
  if (!text || text.startsWith('0001-01-01')) return undefined
  const hasTime = text.includes('T')
  const date = new Date(!hasTime || /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

export function toWireDate(date: Date): string {
  return date.toISOString()
}
