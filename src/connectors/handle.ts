import type { Clock } from '../internal/clock.ts'
import { isPlainObject, type Json } from './json.ts'
import { type Accepted, accepted } from './outcome.ts'
import { ProviderError } from './provider-error.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** A handle that says by its `step` where a change stands. @throws ProviderError `bug` for what this connector has not made */
export function parseHandle<H extends { readonly step: string }>(
  json: Json,
  title: string,
  steps: readonly H['step'][],
): H {
  if (isPlainObject(json) && steps.some((step) => step === json.step)) return json as unknown as H
  throw new ProviderError('bug', `The handle is none that the ${title} connector has made.`)
}

/** To be gone on with. @param pollAfterMs - milliseconds until asking again makes sense. Default: a minute. */
export const goOnLater = <H extends { readonly step: string }>(handle: H, pollAfterMs = MINUTE_MS): Accepted =>
  accepted(handle as unknown as Json, { pollAfterMs })

/**
 * The same for what the provider is at work on, for as long as that may take.
 *
 * @param options.withinMs - milliseconds since `handle.since`. Default: a day.
 * @throws ProviderError `pending`, with this message, once they are over
 */
export function waitWithin<H extends { readonly step: string; readonly since: string }>(
  clock: Clock,
  handle: H,
  message: string,
  options: { readonly withinMs?: number; readonly pollAfterMs?: number } = {},
): Accepted {
  const waited = clock.now().getTime() - Date.parse(handle.since)
  if (waited >= (options.withinMs ?? DAY_MS)) throw new ProviderError('pending', message)
  return goOnLater(handle, options.pollAfterMs)
}
