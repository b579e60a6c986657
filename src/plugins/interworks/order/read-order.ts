import { executionMode, InterworksOrder } from '../../../entities/index.ts'
import type { EntityReference, OrganizationService } from '../../../service/index.ts'
import { type OrderStage, type OrderStatus, readOrderStatus, stageOf } from '../order-status/order-status.ts'

/** An order, as far as steps and APIs need it. */
export interface Order {
  readonly id: string
  readonly code: string
  readonly account: EntityReference | null
  readonly billingContract: EntityReference | null
  readonly currency: EntityReference | null
  readonly startDate: string | null
  readonly isManual: boolean
  readonly parent: EntityReference | null
  readonly executedOn: Date | null
  readonly status: OrderStatus | null
  readonly stage: OrderStage
  readonly rowVersion: number
}

/** Reads an order with its status. One without a status is a basket still. */
export async function readOrder(service: OrganizationService, id: string): Promise<Order> {
  const row = await service.retrieve(InterworksOrder, id, [
    'iw_ordercode',
    'iw_account',
    'iw_billingcontract',
    'transactioncurrencyid',
    'iw_startdate',
    'iw_executionmode',
    'iw_parentorder',
    'iw_executedon',
    'iw_status',
    'versionnumber',
  ])
  const status = row.iw_status && (await readOrderStatus(service, row.iw_status.id))
  return {
    id,
    code: row.iw_ordercode ?? id,
    account: row.iw_account,
    billingContract: row.iw_billingcontract,
    currency: row.transactioncurrencyid,
    startDate: row.iw_startdate,
    isManual: row.iw_executionmode === executionMode.Manual,
    parent: row.iw_parentorder,
    executedOn: row.iw_executedon,
    status,
    stage: status ? stageOf(status) : 'draft',
    rowVersion: row.versionnumber,
  }
}
