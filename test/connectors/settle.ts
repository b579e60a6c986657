import type { Json, Outcome } from '../../src/connectors/index.ts'
import type { TestClock } from '../../src/testing/index.ts'

/** More deliveries than any change needs. */
const MOST = 60

/**
 * Brings a change about as a job does: delivered again after what may pass, asked again while it is accepted.
 *
 * @param handle of a change that was accepted before
 */
export async function settle(
  clock: TestClock,
  apply: () => Promise<Outcome>,
  resume: (handle: Json) => Promise<Outcome>,
  handle?: Json,
): Promise<Outcome> {
  let kept = handle
  for (let deliveries = 0; deliveries < MOST; deliveries++) {
    const outcome = await (kept === undefined ? apply() : resume(kept)).catch((error) => {
      if (error.retry === 'never') throw error
      return undefined
    })
    if (outcome === undefined) continue
    if (outcome.status !== 'accepted') return outcome
    kept = outcome.handle
    await clock.advance(outcome.pollAfterMs ?? 0)
  }
  throw new Error('It does not come to an end.')
}
