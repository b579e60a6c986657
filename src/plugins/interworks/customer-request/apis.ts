import { InterworksCustomerRequest, labelOf, requestStatus, Subscription } from '../../../entities/index.ts'
import { type OrganizationService, reference, type UpdateOf } from '../../../service/index.ts'
import { defineCustomApi } from '../../define-custom-api.ts'
import { bookkeeping } from '../bookkeeping.ts'
import { refusal } from '../refusal.ts'

const Status = {
  type: 'Picklist',
  description: 'Its Status Reason: Pending, Completed, Rejected or Cancelled.',
} as const
const Answer = { type: 'String', optional: true, description: 'What the operator says to it.' } as const

/**
 * Makes a customer request (I21–I23). Where the product type says so it is carried out at once, and otherwise waits for an
 * operator: `Status` tells which.
 *
 * @example
 * const { Request, Status } = await callCustomApi(
 *   service,
 *   submitCustomerRequest,
 *   { Kind: requestKind.Cancellation, ExecutionType: requestExecution['End of Billing Period'] },
 *   subscriptionId,
 * )
 */
export const submitCustomerRequest = defineCustomApi({
  uniqueName: 'iw_SubmitCustomerRequest',
  displayName: 'Submit Customer Request',
  description: 'Asks to cancel or to downgrade a subscription.',
  kind: 'action',
  table: Subscription,
  parameters: {
    Kind: { type: 'Picklist', description: 'A value of `requestKind`.' },
    ExecutionType: { type: 'Picklist', optional: true, description: 'A value of `requestExecution`; Immediate.' },
    Quantity: { type: 'Decimal', optional: true, description: 'How many licenses; left out: all.' },
    Product: {
      type: 'EntityReference',
      table: { logicalName: 'product' },
      optional: true,
      description: 'What to downgrade to.',
    },
    Instructions: { type: 'String', optional: true },
    SendConfirmation: { type: 'Boolean', optional: true },
    SubmittedBy: { type: 'EntityReference', table: { logicalName: 'contact' }, optional: true },
  },
  response: { Request: { type: 'EntityReference', table: InterworksCustomerRequest }, Status },
  rules: ['I21', 'I22', 'I23', 'I25'],

  async run({ target, parameters, service }) {
    const { Kind, ExecutionType, Quantity, Product, Instructions, SendConfirmation, SubmittedBy } = parameters
    // Untyped, because a caller may send any integer: the table refuses those that are no choice.
    const id = await service.create(InterworksCustomerRequest.logicalName, {
      iw_kind: Kind,
      iw_subscription: reference(Subscription, target.id),
      ...(ExecutionType === undefined ? {} : { iw_executiontype: ExecutionType }),
      ...(Quantity === undefined ? {} : { iw_quantity: Quantity }),
      ...(Product === undefined ? {} : { iw_product: Product }),
      ...(Instructions === undefined ? {} : { iw_instructions: Instructions }),
      ...(SendConfirmation === undefined ? {} : { iw_sendconfirmation: SendConfirmation }),
      ...(SubmittedBy === undefined ? {} : { iw_submittedby: SubmittedBy }),
    })
    const { statuscode } = await service.retrieve(InterworksCustomerRequest, id, ['statuscode'])
    return { Request: reference(InterworksCustomerRequest, id), Status: statuscode }
  },
})

/** An operator carries a pending request out (I21). Accepting again changes nothing. */
export const acceptCustomerRequest = defineCustomApi({
  uniqueName: 'iw_AcceptCustomerRequest',
  displayName: 'Accept Customer Request',
  kind: 'action',
  table: InterworksCustomerRequest,
  parameters: { Answer },
  response: { Status },
  rules: ['I21'],
  run: ({ target, parameters, service }) => close(service, target.id, 'Completed', parameters.Answer),
})

/** An operator turns a pending request down (I21). Rejecting again changes nothing. */
export const rejectCustomerRequest = defineCustomApi({
  uniqueName: 'iw_RejectCustomerRequest',
  displayName: 'Reject Customer Request',
  kind: 'action',
  table: InterworksCustomerRequest,
  parameters: { Answer },
  response: { Status },
  rules: ['I21'],
  run: ({ target, parameters, service }) => close(service, target.id, 'Rejected', parameters.Answer),
})

/** A customer takes a pending request back (I24). Withdrawing again changes nothing. */
export const withdrawCustomerRequest = defineCustomApi({
  uniqueName: 'iw_WithdrawCustomerRequest',
  displayName: 'Withdraw Customer Request',
  kind: 'action',
  table: InterworksCustomerRequest,
  response: { Status },
  rules: ['I24'],
  run: ({ target, service }) => close(service, target.id, 'Cancelled', undefined),
})

async function close(
  service: OrganizationService,
  id: string,
  outcome: Exclude<keyof typeof requestStatus, 'Pending'>,
  answer: string | undefined,
): Promise<{ readonly Status: number }> {
  const Status = requestStatus[outcome]
  const request = await service.retrieve(InterworksCustomerRequest, id, [
    'iw_requestcode',
    'statuscode',
    'versionnumber',
  ])
  if (request.statuscode === Status) return { Status }
  if (request.statuscode !== requestStatus.Pending) {
    throw refusal(
      'I21',
      `Request ${request.iw_requestcode} (statuscode) cannot become ${outcome}: it is ${labelOf(requestStatus, request.statuscode)}.`,
      'Only what is Pending can. Make another request.',
    )
  }
  const changes: UpdateOf<typeof InterworksCustomerRequest> = {
    statuscode: Status,
    ...(answer === undefined ? {} : { iw_answer: answer }),
  }
  // Who decides about the same request at the same time loses, and finds it decided.
  await service.update(InterworksCustomerRequest, id, changes, { ...bookkeeping, rowVersion: request.versionnumber })
  return { Status }
}
