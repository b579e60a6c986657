import {
  askConnector,
  type Connector,
  type ConnectorContext,
  type ItemOutcome,
  type ItemPurchase,
  ProviderError,
} from '../connectors/index.ts'
import { NonRecurringItem, Provider, provisioningStatus } from '../entities/index.ts'
import { gatherItemFacts, type ProvisioningRule, settle, toItem } from '../plugins/index.ts'
import { decide, inOrder, provisioningRules } from '../rules/index.ts'
import type { Selected, WriteRequest } from '../service/index.ts'
import { type Connect, connectAutomatic, connectorContext, providerColumns } from './connection.ts'
import { defineJob, type JobDefinition, type JobOutcome } from './define-job.ts'

const itemColumns = [
  'work365_nonrecurringitemid',
  'work365_nonrecurringitem_name',
  'work365_nonrecurringitem_friendlyname',
  'work365_nonrecurringitem_desc',
  'work365_nonrecurringitem_customer',
  'work365_nonrecurringitem_product',
  'work365_nonrecurringitem_provider',
  'work365_nonrecurringitem_providerpartnumber',
  'work365_nonrecurringitem_ordersource',
  'work365_nonrecurringitem_provisionon',
  'work365_nonrecurringitem_creditonhold',
  'work365_nonrecurringitem_quantity',
  'work365_nonrecurringitem_sellingpriceperunit',
  'work365_nonrecurringitem_effectivedate',
  'work365_nonrecurringitem_expirydate',
  'work365_nonrecurringitem_provisioningstatus',
  'work365_nonrecurringitem_decidedby',
  'work365_nonrecurringitem_waitingsince',
] as const
type ItemRow = Selected<typeof NonRecurringItem, (typeof itemColumns)[number]>

export interface SyncNonRecurringItemOptions {
  /** Finds the connection for an Automatic or Rest provider. */
  readonly connect: Connect
  /** Rules of your own, as given to `createWork365Steps`. */
  readonly rules?: readonly ProvisioningRule[]
}

/**
 * Buys a non-recurring item at its provider, and writes what became of it, as for a change log (B3). The item's id is the
 * idempotency key, so that a repeated delivery never buys twice.
 *
 * @see https://docs.work365apps.com/docs/non-recurring-items-nris
 */
export function syncNonRecurringItem({ connect, rules = [] }: SyncNonRecurringItemOptions): JobDefinition {
  const all = inOrder([...rules, ...provisioningRules])
  return defineJob({
    type: 'Sync Non-Recurring Item',
    rules: ['C1', 'C4'],

    async run(context) {
      const { service, clock, job } = context
      if (!job.regarding) throw new ProviderError('invalid', 'The job names no item in Regarding. Re-queue the item.')
      const item = await service.retrieve(NonRecurringItem, job.regarding.id, itemColumns)
      const id = item.work365_nonrecurringitemid
      if (item.work365_nonrecurringitem_provisioningstatus !== provisioningStatus['Awaiting Provisioning']) {
        return { status: 'notApplicable', results: 'The item does not await provisioning any more.' }
      }
      const facts = await gatherItemFacts(service, id, item, 'processing', clock.now())
      const decision = decide(all, facts)
      const { outcome, rule, because, fix } = decision
      const results = [because, fix].filter(Boolean).join(' ')
      if (rule.id === 'P6-consent') throw new ProviderError('consentExpired', results)
      if (outcome.notBefore !== undefined) return { status: 'postponed', results, until: outcome.notBefore }
      if (!outcome.queue) {
        const waited = {
          decidedBy: item.work365_nonrecurringitem_decidedby,
          waitingSince: item.work365_nonrecurringitem_waitingsince,
        }
        const status = outcome.status === 'Failed Provisioning' && !outcome.waits ? 'failed' : 'notApplicable'
        return { status, results, also: [update(id, toItem(settle(decision, clock.now(), waited)))] }
      }

      const provider = await service.retrieve(Provider, item.work365_nonrecurringitem_provider!.id, providerColumns)
      const connection = await connectAutomatic(connect, provider)
      const purchase = purchaseOf(item, facts.providerAccount?.providerSpecificId ?? '')
      return conclude(await buy(connection.connector, connectorContext(context, connection, id), purchase), item)
    },

    async onFailure({ job }, message) {
      if (!job.regarding) return []
      return [update(job.regarding.id, { ...became('Failed Provisioning'), ...saying(message) })]
    },
  })
}

function buy(connector: Connector, context: ConnectorContext, purchase: ItemPurchase): Promise<ItemOutcome> {
  return askConnector(connector, context, async () => {
    if (connector.items) return connector.items.buy(context, purchase)
    throw new ProviderError('notEligible', `${connector.title} sells subscriptions only: order the item there by hand.`)
  })
}

function purchaseOf(item: ItemRow, customerId: string): ItemPurchase {
  const name = item.work365_nonrecurringitem_friendlyname ?? item.work365_nonrecurringitem_name ?? undefined
  return {
    customer: { id: customerId, name: item.work365_nonrecurringitem_customer?.name },
    product: { id: item.work365_nonrecurringitem_providerpartnumber ?? '', name },
    quantity: item.work365_nonrecurringitem_quantity ?? 1,
    name,
    description: item.work365_nonrecurringitem_desc ?? undefined,
    unitPrice: item.work365_nonrecurringitem_sellingpriceperunit ?? undefined,
    effectiveOn: item.work365_nonrecurringitem_effectivedate ?? undefined,
    expiresOn: item.work365_nonrecurringitem_expirydate ?? undefined,
  }
}

function conclude(outcome: ItemOutcome, { work365_nonrecurringitemid: id }: ItemRow): JobOutcome {
  switch (outcome.status) {
    case 'done':
      return {
        status: 'succeeded',
        results: `The provider ${outcome.changed ? 'has sold' : 'had already sold'} item ${outcome.item.id}.`,
        also: [
          update(id, {
            ...became('Provisioned'),
            ...saying(null),
            work365_nonrecurringitem_providerorderid: outcome.item.id.slice(0, 100),
          }),
        ],
      }
    case 'needsPerson':
      return {
        status: 'notApplicable',
        results: outcome.instructions,
        also: [update(id, saying(outcome.instructions))],
      }
    case 'notApplicable':
      return {
        status: 'notApplicable',
        results: outcome.reason,
        also: [update(id, { ...became('Not Applicable'), ...saying(outcome.reason) })],
      }
  }
}

const became = (status: keyof typeof provisioningStatus) => ({
  work365_nonrecurringitem_provisioningstatus: provisioningStatus[status],
  work365_nonrecurringitem_waitingsince: null,
})
const saying = (message: string | null) => ({
  work365_nonrecurringitem_provisioningmessage: message?.slice(0, 10_000) ?? null,
})

function update(key: string, changes: Extract<WriteRequest, { message: 'Update' }>['changes']): WriteRequest {
  return { message: 'Update', table: NonRecurringItem, key, changes }
}
