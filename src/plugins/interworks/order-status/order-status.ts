import { InterworksOrderStatus, orderStatusType, storefrontType } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { OrganizationService } from '../../../service/index.ts'

/** An order status, as far as decisions need it. */
export interface OrderStatus {
  readonly id: string
  readonly name: string
  readonly isActive: boolean
  readonly type: number | null
  readonly storefrontType: number | null
  readonly isMandatory: boolean
  readonly isDefault: boolean
}

/** Where an order is, by its status. */
export type OrderStage = 'draft' | 'open' | 'executed' | 'cancelled'

/** A basket is a draft; what was submitted is open until it is executed or cancelled. */
export function stageOf({
  type,
  storefrontType: storefront,
}: Pick<OrderStatus, 'type' | 'storefrontType'>): OrderStage {
  if (type === orderStatusType['Automatic Execute']) return 'executed'
  if (type === orderStatusType.Cancelled) return 'cancelled'
  return storefront === storefrontType.Draft ? 'draft' : 'open'
}

const COLUMNS = [
  'iw_orderstatusid',
  'iw_name',
  'iw_isactive',
  'iw_type',
  'iw_storefronttype',
  'iw_ismandatory',
  'iw_isdefault',
] as const

type StatusColumns = {
  readonly iw_name?: string | null | undefined
  readonly iw_isactive?: boolean | null | undefined
  readonly iw_type?: number | null | undefined
  readonly iw_storefronttype?: number | null | undefined
  readonly iw_ismandatory?: boolean | null | undefined
  readonly iw_isdefault?: boolean | null | undefined
}

/** An order status off its columns. */
export function toOrderStatus(id: string, row: StatusColumns): OrderStatus {
  return {
    id,
    name: row.iw_name ?? id,
    isActive: row.iw_isactive === true,
    type: row.iw_type ?? null,
    storefrontType: row.iw_storefronttype ?? null,
    isMandatory: row.iw_ismandatory === true,
    isDefault: row.iw_isdefault === true,
  }
}

/** All order statuses, by name. */
export async function readOrderStatuses(service: OrganizationService): Promise<readonly OrderStatus[]> {
  const { rows } = await service.retrieveMultiple(select(InterworksOrderStatus, COLUMNS).orderBy('iw_name'))
  return rows.map((row) => toOrderStatus(row.iw_orderstatusid, row))
}

/** One order status. */
export async function readOrderStatus(service: OrganizationService, id: string): Promise<OrderStatus> {
  return toOrderStatus(id, await service.retrieve(InterworksOrderStatus, id, COLUMNS))
}
