import {
  InterworksCustomerRequest,
  labelOf,
  requestExecution,
  requestKind,
  requestStatus,
} from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { EntityReference, OrganizationService } from '../../../service/index.ts'

/** A pending request, as ribbon and widget show it. */
export interface PendingRequest {
  readonly id: string
  readonly requestCode: string
  readonly kind: keyof typeof requestKind
  readonly executionType: keyof typeof requestExecution
  readonly subscription: EntityReference | null
  /** `null`: all licenses. */
  readonly quantity: number | null
  readonly submittedBy: EntityReference | null
  readonly submittedOn: Date | null
  readonly instructions: string | null
  readonly sendsConfirmation: boolean
}

const WIDGET_SIZE = 50

const pending = select(InterworksCustomerRequest, [
  'iw_customerrequestid',
  'iw_requestcode',
  'iw_kind',
  'iw_executiontype',
  'iw_subscription',
  'iw_quantity',
  'iw_submittedby',
  'iw_submittedon',
  'iw_instructions',
  'iw_sendconfirmation',
])
  .where('statuscode', 'eq', requestStatus.Pending)
  .orderBy('iw_submittedon')
  .orderBy('iw_requestcode')

/** The requests of a subscription that wait (I23): its ribbon. */
export async function pendingRequestsOf(
  service: OrganizationService,
  subscription: string,
): Promise<readonly PendingRequest[]> {
  const { rows } = await service.retrieveMultiple(pending.where('iw_subscription', 'eq', subscription))
  return rows.map(toPendingRequest)
}

/** The widget Pending Subscription Cancellation Requests (I23): up to 50, those that wait longest first. */
export async function pendingCancellationRequests(service: OrganizationService): Promise<readonly PendingRequest[]> {
  const { Cancellation, 'Add-on Cancellation': addOn } = requestKind
  const { rows } = await service.retrieveMultiple(
    pending.where('iw_kind', 'in', Cancellation, addOn).first(WIDGET_SIZE),
  )
  return rows.map(toPendingRequest)
}

type Selected = NonNullable<(typeof pending)['result']>

function toPendingRequest(row: Selected): PendingRequest {
  return {
    id: row.iw_customerrequestid,
    requestCode: row.iw_requestcode ?? row.iw_customerrequestid,
    kind: (labelOf(requestKind, row.iw_kind ?? -1) ?? 'Cancellation') as keyof typeof requestKind,
    executionType: (labelOf(requestExecution, row.iw_executiontype ?? -1) ??
      'Immediate') as keyof typeof requestExecution,
    subscription: row.iw_subscription,
    quantity: row.iw_quantity,
    submittedBy: row.iw_submittedby,
    submittedOn: row.iw_submittedon,
    instructions: row.iw_instructions,
    sendsConfirmation: row.iw_sendconfirmation === true,
  }
}
