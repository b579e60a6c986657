import { randomUUID } from 'node:crypto'
import { ProviderError } from '../../provider-error.ts'
import { askConnector } from '../../run-connector.ts'
import { createRecentMap } from '../../serving/recent-map.ts'
import { offered, type Served } from '../../serving/served.ts'
import type { Wire } from '../models.ts'
import { readModels } from '../wire.ts'
import type { RouteRequest } from './app.ts'
import { toItemPurchase } from './from-model.ts'

const MOST_LISTED = 10_000

/** The routes of things sold once. A connector sells them and lists none, so those are listed that were sold here. */
export function itemHandlers(served: Served) {
  const { connector, contextFor } = served
  const sold = createRecentMap<Wire<'NonRecurringItem'>>(MOST_LISTED)

  return {
    listNonRecurringItems() {
      offered(served, connector.items, 'non-recurring items')
      return sold.values()
    },

    /** Each item is bought under a key of its own, so that what stopped half way goes on where it stopped. */
    async createNonRecurringItems({ content, key = randomUUID() }: RouteRequest) {
      const { buy } = offered(served, connector.items, 'non-recurring items')
      const items = readModels('NonRecurringItem', content)
      const purchases = items.map(toItemPurchase)
      for (const [index, purchase] of purchases.entries()) {
        const context = contextFor(items.length === 1 ? key : `${key}-${index + 1}`)
        const outcome = await askConnector(connector, context, () => buy(context, purchase))
        if (outcome.status === 'needsPerson')
          throw new ProviderError('notEligible', `A person has to do it: ${outcome.instructions}`)
        if (outcome.status === 'notApplicable') throw new ProviderError('notEligible', outcome.reason)
        const { id, quantity } = outcome.item
        sold.set(id, { ...items[index], id, quantity })
      }
      return undefined
    },
  }
}
