import type { Change } from '../change.ts'
import type { ConnectorContext } from '../connector-context.ts'
import type { Json } from '../json.ts'
import type { RemoteSubscription } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { applyChange, resumeChange } from '../run-connector.ts'
import { createRecentMap } from './recent-map.ts'
import { NotOffered, type Served } from './served.ts'

/** What a change has led to. */
export interface BroughtAbout {
  readonly subscription: RemoteSubscription
  /** `false`: it already was so. */
  readonly changed: boolean
}

const MOST_HANDLES = 10_000
const ASK_AGAIN_MS = 2000

/**
 * Asks the connector for a change, and waits while the provider works on it, as long as `waitMs` says. Then it answers
 * with what `look` finds; where nothing can be seen yet, with `pending`, and the same request goes on where this one stopped.
 *
 * @param again - what the caller is told to do then.
 */
export function createBringAbout({ connector, waitMs, clock }: Served, again: string) {
  const handles = createRecentMap<Json>(MOST_HANDLES)

  return async function bringAbout(
    context: ConnectorContext,
    change: Change,
    look: () => Promise<RemoteSubscription | null | undefined> = async () => null,
  ): Promise<BroughtAbout> {
    if (!connector.changes.includes(change.kind)) {
      throw new NotOffered(
        `${connector.title} cannot do this: of changes it takes ${connector.changes.join(', ')} only.`,
      )
    }
    const request = JSON.stringify([context.key, change])
    const ask = (handle: Json | undefined) =>
      handle === undefined ? applyChange(connector, context, change) : resumeChange(connector, context, handle)

    let waited = 0
    while (true) {
      const outcome = await ask(handles.get(request)).catch((error) => {
        if (ProviderError.isInstance(error) && error.retry === 'never') handles.delete(request)
        throw error
      })
      switch (outcome.status) {
        case 'done':
          handles.delete(request)
          return outcome
        case 'needsPerson':
          throw new ProviderError('notEligible', `A person has to do it: ${outcome.instructions}`)
        case 'notApplicable':
          throw new ProviderError('notEligible', outcome.reason)
      }
      handles.set(request, outcome.handle)
      const delay = Math.max(outcome.pollAfterMs ?? ASK_AGAIN_MS, 1)
      waited += delay
      if (waited > waitMs) {
        const subscription = await look()
        if (subscription) return { subscription, changed: true }
        throw new ProviderError('pending', `${connector.title} is still working on it. ${again}`, {
          retryAfterMs: delay,
        })
      }
      await clock.sleep(delay, context.signal)
    }
  }
}
