import type { CustomApi } from '../define-custom-api.ts'
import type { Step } from '../define-step.ts'
import { guardTypeChange, guardUpgrade, guardUpgradeChange } from './catalog/upgrades.ts'
import {
  acceptCustomerRequest,
  rejectCustomerRequest,
  submitCustomerRequest,
  withdrawCustomerRequest,
} from './customer-request/apis.ts'
import { carryOutRequest } from './customer-request/carry-out-request.ts'
import { notifyClosedRequest, notifyNewRequest } from './customer-request/notify-request.ts'
import { completeAutomatically, guardRequest, recordRequest } from './customer-request/record-request.ts'
import { deliverOrderItems } from './order/deliver-order-items.ts'
import { executeOrder } from './order/execute.ts'
import { executeWholeOrder } from './order/execute-order.ts'
import { guardOrder, guardOrderDeletion, startBasket } from './order/guard-order.ts'
import { notifyManualOrder } from './order/notify-manual-order.ts'
import { reconsiderOpenOrders } from './order/reconsider-open-orders.ts'
import { submitOrder } from './order/submit-order.ts'
import { addItem } from './order-item/add-item.ts'
import { guardItem, guardItemDeletion, repriceOrder } from './order-item/guard-item.ts'
import { guardNewOrderStatus, guardOrderStatus, guardOrderStatusDeletion } from './order-status/guard-order-status.ts'
import { oneDefaultAfterCreate, oneDefaultAfterUpdate } from './order-status/one-default.ts'
import { guardFlag, guardNewFlag } from './product-type/guard-flag.ts'

/**
 * The documented behaviour of interworks.cloud's orders and customer requests, as steps beside those of Work 365: what an
 * order creates goes on through them.
 *
 * @example
 * createEmulator({
 *   tables: [...work365Tables, ...interworksTables],
 *   steps: [...work365Steps, ...interworksSteps],
 *   customApis: interworksCustomApis,
 *   seed: interworksDefaults,
 * })
 */
export const interworksSteps: readonly Step[] = Object.freeze([
  guardNewOrderStatus,
  guardOrderStatus,
  guardOrderStatusDeletion,
  oneDefaultAfterCreate,
  oneDefaultAfterUpdate,
  guardNewFlag,
  guardFlag,
  reconsiderOpenOrders,
  guardUpgrade,
  guardUpgradeChange,
  guardTypeChange,
  startBasket,
  guardOrder,
  guardOrderDeletion,
  executeOrder,
  notifyManualOrder,
  addItem,
  guardItem,
  repriceOrder,
  guardItemDeletion,
  recordRequest,
  completeAutomatically,
  guardRequest,
  carryOutRequest,
  notifyNewRequest,
  notifyClosedRequest,
])

/** What interworks.cloud's back office and storefront do with orders and customer requests, as messages. */
export const interworksCustomApis: readonly CustomApi[] = Object.freeze([
  submitOrder,
  executeWholeOrder,
  deliverOrderItems,
  submitCustomerRequest,
  acceptCustomerRequest,
  rejectCustomerRequest,
  withdrawCustomerRequest,
])

export type { ProductChanges } from './catalog/upgrades.ts'
export { productChangesOf } from './catalog/upgrades.ts'
export type { PendingRequest } from './customer-request/pending-requests.ts'
export { pendingCancellationRequests, pendingRequestsOf } from './customer-request/pending-requests.ts'
export { interworksDefaults } from './defaults.ts'
export type { ItemDelivery, OrderForManualManagement, StorefrontInformation } from './order/queries.ts'
export { deliveryOf, ordersForManualManagement, storefrontInformation } from './order/queries.ts'
export {
  acceptCustomerRequest,
  deliverOrderItems,
  executeWholeOrder,
  rejectCustomerRequest,
  submitCustomerRequest,
  submitOrder,
  withdrawCustomerRequest,
}
