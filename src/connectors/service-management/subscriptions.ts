import { randomUUID } from 'node:crypto'
import { type Change, describeChange, type SubscriptionRef } from '../change.ts'
import type { ConnectorContext } from '../connector-context.ts'
import type { Refusal } from '../operations.ts'
import type { RemoteSubscription } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { previewChange } from '../run-connector.ts'
import { createBringAbout } from '../serving/bring-about.ts'
import { createLine } from '../serving/line.ts'
import { createLocations } from '../serving/locations.ts'
import { createRecentMap } from '../serving/recent-map.ts'
import { Refused } from '../serving/refused.ts'
import { NotOffered, type Served } from '../serving/served.ts'
import { stableId } from '../stable-id.ts'
import type { ActionRule } from './endpoints.ts'
import type { Wire } from './models.ts'
import { changeOf, planOf, type Step } from './plan.ts'
import { DONE } from './wire.ts'

const MOST_UNDER_WAY = 10_000
const MOST_PURCHASES = 20

/** What the calls about subscriptions and add-ons lead to. */
export function subscriptionHandlers(served: Served, applicationId: string) {
  const { connector, contextFor } = served
  const bringAbout = createBringAbout(served, 'In progress: the same call, made again, goes on with it.')
  const locations = createLocations(served)
  const inLine = createLine()
  /** The key of a change that is under way, so that the call that comes again is the same one to the provider. */
  const underWay = createRecentMap<{ readonly request: string; readonly key: string }>(MOST_UNDER_WAY)

  /** Brings about all that the call asks for, or, with `checkOnly`, tells what would be refused and writes nothing. */
  async function change(
    rule: ActionRule,
    definition: Wire<'ServiceDefinition'>,
    checkOnly: boolean,
  ): Promise<Wire<'ServiceResultDefinition'>> {
    if (rule.subscription.includes('UpgradeToPaid')) {
      throw new NotOffered(`${connector.title} is served without trials: nothing turns one into a paid subscription.`)
    }
    const steps = planOf(rule, definition)
    const customerId = await customerOf(definition, steps)
    if (checkOnly) return check(definition, steps, customerId)
    return inLine(definition.SubscriptionID || definition.ID || JSON.stringify(definition), () =>
      carryOut(definition, steps, customerId),
    )
  }

  async function carryOut(definition: Wire<'ServiceDefinition'>, steps: readonly Step[], customerId: string) {
    const taken = new Set(idsIn(definition))
    const results: { readonly id: string; readonly isAddon: boolean }[] = []
    let id = definition.ID || undefined
    for (const step of steps) {
      const parent: SubscriptionRef | undefined = step.isAddon && id ? { id, customerId } : undefined
      const change = changeOf(step, customerId, parent)
      const subscription =
        change.kind === 'create' ? await buy(definition, change, taken) : await modify(change.subscription.id, change)
      taken.add(subscription.id)
      locations.remember(subscription.id, subscription.customerId ?? customerId)
      if (!step.isAddon) id = subscription.id
      results.push({ id: subscription.id, isAddon: step.isAddon })
    }
    const isAboutOneAddon = results.length === 1 && results[0]!.isAddon
    const Result = (isAboutOneAddon ? results[0]!.id : id) ?? null
    return { Code: DONE, Message: null, Result, ServiceIDs: results.map(({ id }) => id) }
  }

  /**
   * Buys once. The key follows from the platform's subscription and the product; where it leads to something that the platform has
   * under another id already, or that has ended since, this is another purchase, with the next key.
   */
  async function buy(
    definition: Wire<'ServiceDefinition'>,
    change: Change<'create'>,
    taken: ReadonlySet<string>,
  ): Promise<RemoteSubscription> {
    const whose = definition.SubscriptionID || JSON.stringify({ ...definition, ID: null, CheckOnly: null })
    const what = change.parent ? `${change.parent.id} ${change.product.id}` : ''
    for (let count = 1; count <= MOST_PURCHASES; count++) {
      const context = contextFor(stableId(applicationId, 'purchase', whose, what, count))
      const { subscription, changed } = await bringAbout(context, change)
      const isAnother =
        taken.has(subscription.id) || subscription.status === 'cancelled' || subscription.status === 'expired'
      if (changed || !isAnother) return subscription
    }
    const message = `This has been bought and ended ${MOST_PURCHASES} times already: nothing was bought. Order it as a new subscription.`
    throw new ProviderError('notEligible', message)
  }

  /** Each change has a key of its own, except that one which is under way keeps its key. */
  async function modify(id: string, change: Change): Promise<RemoteSubscription> {
    const request = JSON.stringify(change)
    const before = underWay.get(id)
    const key = before?.request === request ? before.key : randomUUID()
    underWay.set(id, { request, key })
    try {
      const { subscription } = await bringAbout(contextFor(key), change)
      underWay.delete(id)
      return subscription
    } catch (error) {
      if (!ProviderError.isInstance(error) || error.retry === 'never') underWay.delete(id)
      throw error
    }
  }

  async function check(definition: Wire<'ServiceDefinition'>, steps: readonly Step[], customerId: string) {
    const context = contextFor()
    const refusals: Refusal[] = []
    for (const step of steps) {
      const parent = step.isAddon && definition.ID ? { id: definition.ID, customerId } : undefined
      const change = changeOf(step, customerId, parent)
      // The provider cannot judge an add-on of something that it does not have yet.
      if (step.isAddon && !parent && connector.changes.includes(change.kind)) continue
      refusals.push(...(await refusalsOf(context, change)))
    }
    const [first] = refusals
    if (first) throw new ProviderError(first.code, [...new Set(refusals.map(({ message }) => message))].join(' '))
    return { Code: DONE, Message: null, Result: definition.ID ?? null, ServiceIDs: [] }
  }

  async function refusalsOf(context: ConnectorContext, change: Change): Promise<readonly Refusal[]> {
    const preview = await previewChange(connector, context, change)
    if (!preview.ok) return preview.refusals
    if (connector.preview || !connector.subscriptions || change.kind === 'create') return []
    const { id, customerId } = change.subscription
    if (await locations.find(context, customerId, id)) return []
    const message = `${connector.title} cannot ${describeChange(change)}: it does not have it.`
    return [{ code: 'notFound', message }]
  }

  /** Whose it is: as the call says, or as the provider knows. */
  async function customerOf({ Account, ID }: Wire<'ServiceDefinition'>, steps: readonly Step[]): Promise<string> {
    const id = ID || steps.flatMap((step) => ('id' in step ? [step.id] : []))[0]
    const found = Account?.ExternalID || (id ? await locations.customerOf(contextFor(), id) : undefined)
    if (found) return found
    throw new Refused(400, 'Account.ExternalID is missing: synchronize the account before it buys something.')
  }

  return { change }
}

const idsIn = ({ ID, Addons }: Wire<'ServiceDefinition'>) =>
  [ID, ...(Addons ?? []).map((addon) => addon.ID)].flatMap((id) => (id ? [id] : []))
