import type { ConnectorContext } from './connector-context.ts'
import { isPlainObject, type Json } from './json.ts'
import { ProviderError } from './provider-error.ts'

type Keeper = Pick<ConnectorContext, 'state' | 'clock' | 'key'>

/** What the connection remembers of a purchase: when it was sent, and the id of what was bought. */
export type Attempt = { readonly at: string; readonly id?: string }

export interface PlaceOnceOptions {
  /** What people call the provider. */
  readonly title: string
  /** Whether a purchase that was lost, and cannot be found, is sent again. */
  readonly repeatLost: boolean
  /** Looks for what an earlier delivery bought; not among those that belong to others. */
  find(others: readonly string[]): Promise<string | undefined>
  /** Sends the purchase, one time; resolves to the id of what was bought. */
  place(): Promise<string>
}

const KEPT_MS = 48 * 3_600_000
const LOOK_FOR_MS = 15 * 60_000
const MOST_TRIES = 5
const NAME = 'purchases'

/**
 * Buys once at a provider that knows no idempotency key: notes in the connection's state that the purchase is sent, sends
 * it, and looks for it when the answer was lost. `undefined`: it may still appear, so ask again in a minute.
 *
 * @throws ProviderError `notFound` when it does not appear within 15 minutes; the message says where to look.
 */
export async function placeOnce(context: Keeper, options: PlaceOnceOptions): Promise<string | undefined> {
  const { clock, key } = context
  const attempts = await attemptsIn(context)
  const mine = attempts[key]
  const others = Object.entries(attempts).flatMap(([other, { id }]) => (other === key || !id ? [] : [id]))
  const found = mine?.id ?? (await options.find(others))
  if (found !== undefined) {
    await remember(context, { at: mine?.at ?? clock.now().toISOString(), id: found })
    return found
  }
  if (mine && clock.now().getTime() - Date.parse(mine.at) < LOOK_FOR_MS) return undefined
  if (mine && !options.repeatLost) throw lost(options.title, mine.at)

  const at = clock.now().toISOString()
  await remember(context, { at })
  const id = await options.place().catch(async (error) => {
    if (!mayHaveHappened(error)) await remember(context, undefined)
    throw error
  })
  await remember(context, { at, id })
  return id
}

/** The id of what this key has bought, as far as the connection remembers. */
export async function boughtBefore(context: Keeper): Promise<string | undefined> {
  return (await attemptsIn(context))[context.key]?.id
}

const lost = (title: string, at: string) =>
  new ProviderError(
    'notFound',
    `An order was sent to ${title} at ${at}, its answer was lost, and no such order is to be found. Look into the portal of ${title}, and place it there if it is missing.`,
  )

/** A refusal says that nothing was bought. */
const mayHaveHappened = (error: unknown) => !ProviderError.isInstance(error) || error.code === 'transient'

async function attemptsIn({ state }: Keeper): Promise<Readonly<Record<string, Attempt>>> {
  return read(await state.get())
}

/** Writes this key's attempt by compare-and-set, or forgets it. Old ones are dropped. */
async function remember({ state, clock, key }: Keeper, attempt: Attempt | undefined): Promise<void> {
  const oldest = new Date(clock.now().getTime() - KEPT_MS).toISOString()
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const before = await state.get()
    const kept = Object.entries(read(before)).filter(([other, { at }]) => other !== key && at > oldest)
    const purchases: Json = { ...Object.fromEntries(kept), ...(attempt && { [key]: attempt }) }
    if (await state.set({ ...(isPlainObject(before) && before), [NAME]: purchases } as Json, before)) return
  }
  throw new ProviderError('transient', 'Other processes keep changing the state of this connection.')
}

function read(state: Json): Readonly<Record<string, Attempt>> {
  return isPlainObject(state) && isPlainObject(state[NAME]) ? (state[NAME] as unknown as Record<string, Attempt>) : {}
}
