import type { ConnectorContext } from '../connector-context.ts'
import { ProviderError } from '../provider-error.ts'
import { askConnector, listFromConnector } from '../run-connector.ts'
import { createLine } from '../serving/line.ts'
import { createRecentMap } from '../serving/recent-map.ts'
import { NotOffered, type Served } from '../serving/served.ts'
import { stableId } from '../stable-id.ts'
import type { Wire } from './models.ts'
import { customerIdOf, newCustomerOf, readSyncOptions } from './sync-options.ts'
import { DONE, EXISTS } from './wire.ts'

const MOST_SYNCHRONIZED = 10_000

/** What the calls about accounts lead to. An account of the platform is a customer of the provider. */
export function accountHandlers(served: Served, applicationId: string) {
  const { connector, contextFor } = served
  const { customers, title } = connector
  const inLine = createLine()
  /** Who was created here, because not every provider recognizes a customer that it is given again. */
  const created = createRecentMap<Wire<'AccountResultDefinition'>>(MOST_SYNCHRONIZED)

  async function isKnown(context: ConnectorContext, id: string): Promise<boolean> {
    if (customers?.find) {
      const { find } = customers
      return (await askConnector(connector, context, () => find(context, id))) !== null
    }
    return (await idWhere(context, (customer) => customer.id === id)) !== undefined
  }

  async function idWhere(
    context: ConnectorContext,
    isIt: (customer: { id: string; domain?: string | undefined }) => boolean,
  ) {
    if (!customers) return undefined
    for await (const customer of listFromConnector(connector, context, () => customers.list(context)))
      if (isIt(customer)) return customer.id
    return undefined
  }

  async function create(
    account: Wire<'AccountDefinition'>,
    checkOnly: boolean,
  ): Promise<Wire<'AccountResultDefinition'>> {
    const customer = newCustomerOf(account)
    const makeCustomer = customers?.create
    if (!makeCustomer) {
      const message = `${title} makes no new customers: enter the id of the customer there as the option customerId.`
      throw new ProviderError('invalid', message, { field: 'customerId' })
    }
    if (checkOnly) return { Code: DONE, Message: null, Result: null }
    const key = stableId(applicationId, 'account', account.ID || JSON.stringify(customer))
    return inLine(key, async () => {
      const before = created.get(key)
      if (before) return before
      const context = contextFor(key)
      const { id, firstUser } = await askConnector(connector, context, () => makeCustomer(context, customer))
      const result = { Code: DONE, Message: null, Result: id }
      created.set(key, result)
      return firstUser ? { ...result, ResultUser: firstUser.userName, GeneratedPassword: firstUser.password } : result
    })
  }

  return {
    /** Found by its id, or by the domain that is entered; names are not unique. */
    async exists(account: Wire<'AccountDefinition'>): Promise<Wire<'ResultDefinition'>> {
      const context = contextFor()
      const id = customerIdOf(account)
      const domain = readSyncOptions(account).get('domain')?.toLowerCase()
      const found = id
        ? (await isKnown(context, id)) && id
        : domain && (await idWhere(context, (customer) => customer.domain?.toLowerCase() === domain))
      if (found) return { Code: EXISTS, Message: `${title} has this customer.`, Result: found }
      return { Code: DONE, Message: `${title} does not have this customer.`, Result: null }
    },

    async synchronize(
      account: Wire<'AccountDefinition'>,
      checkOnly: boolean,
    ): Promise<Wire<'AccountResultDefinition'>> {
      const id = customerIdOf(account)
      if (!id) return create(account, checkOnly)
      if (customers && !(await isKnown(contextFor(), id))) {
        throw new ProviderError('notFound', `${title} has no customer with the id ${id}.`, { field: 'customerId' })
      }
      return { Code: DONE, Message: null, Result: id }
    },

    delete(): never {
      throw new NotOffered(`${title} is served without deleting customers: nothing was deleted.`)
    },
  }
}
