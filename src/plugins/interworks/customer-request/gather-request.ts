import { InterworksCustomerRequest, requestExecution, requestStatus, Subscription } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { EntityReference, OrganizationService } from '../../../service/index.ts'
import { sumOf } from '../amounts.ts'
import { readProductTypes, typeOfProduct } from '../catalog/product-type.ts'
import { productChangesOf } from '../catalog/upgrades.ts'
import { refusal } from '../refusal.ts'
import { objectionToRequest, type RequestFacts } from './decide-request.ts'

/** A request's own columns. */
export interface RequestColumns {
  readonly iw_kind?: number | null | undefined
  readonly iw_executiontype?: number | null | undefined
  readonly iw_quantity?: number | null | undefined
  readonly iw_product?: EntityReference | null | undefined
  readonly iw_subscription?: EntityReference | null | undefined
}

/** Gathers what decides about a request, and refuses one that cannot be. */
export async function checkedRequest(service: OrganizationService, columns: RequestColumns): Promise<RequestFacts> {
  const facts = await gatherRequest(service, columns)
  const objection = objectionToRequest(facts)
  if (objection) throw refusal(objection.rule, objection.problem, objection.fix)
  return facts
}

/** Gathers what decides about a request. */
export async function gatherRequest(service: OrganizationService, columns: RequestColumns): Promise<RequestFacts> {
  const subscription = columns.iw_subscription
  if (!subscription) {
    throw refusal('I23', 'A customer request needs a subscription (iw_subscription).', 'Give the one it is about.')
  }
  const row = await service.retrieve(Subscription, subscription.id, [
    'work365_subscription_subscriptionname',
    'work365_subscription_quantity',
    'work365_subscription_product',
    'work365_subscription_parentsubscription',
    'statecode',
  ])
  const product = row.work365_subscription_product
  const typeId = product ? (await typeOfProduct(service, product.id))?.id : undefined
  const quantity = row.work365_subscription_quantity ?? 0
  return {
    kind: columns.iw_kind ?? null,
    executionType: columns.iw_executiontype ?? requestExecution.Immediate,
    quantity: columns.iw_quantity ?? null,
    product: columns.iw_product?.id ?? null,
    subscription: {
      name: row.work365_subscription_subscriptionname ?? subscription.id,
      isActive: row.statecode === 0,
      isAddOn: row.work365_subscription_parentsubscription !== null,
      quantity,
    },
    pendingQuantity: await pendingQuantity(service, subscription.id, quantity),
    type: typeId === undefined ? undefined : (await readProductTypes(service, [typeId])).get(typeId),
    downgrades: product ? (await productChangesOf(service, product.id)).downgrades.map(({ id }) => id) : [],
  }
}

/** The request at hand is not among them: it does not exist yet, or is Completed when it is carried out. */
async function pendingQuantity(service: OrganizationService, subscription: string, all: number): Promise<number> {
  const { rows } = await service.retrieveMultiple(
    select(InterworksCustomerRequest, ['iw_quantity'])
      .where('iw_subscription', 'eq', subscription)
      .where('statuscode', 'eq', requestStatus.Pending),
  )
  return sumOf(rows.map(({ iw_quantity: quantity }) => quantity ?? all))
}
