import type { CreateChange } from '../../change.ts'
import type { Acceptance, ItemPurchase, NewCustomer } from '../../operations.ts'
import { Refused } from '../../serving/refused.ts'
import { billingCycles } from '../billing-cycles.ts'
import { toContact, toCustomerDetails } from '../from-wire.ts'
import { billingCycleType, type Wire } from '../models.ts'
import { fromWireDate } from '../wire.ts'

/** What a caller wants, in the words of a connector; refused in plain text where the contract asks for more. */

export function toOrder(wire: Wire<'Subscription'>): CreateChange {
  const { partNumber, customer, quantity, friendlyName } = wire
  if (!partNumber) throw new Refused(400, 'Subscription partNumber is required!')
  if (!customer?.id) throw new Refused(400, 'Subscription customer id is required!')
  if (!((quantity ?? 0) > 0)) throw new Refused(400, 'Subscription quantity has to be more than 0!')
  return {
    kind: 'create',
    customer: { id: customer.id, name: customer.name ?? undefined },
    product: {
      id: partNumber,
      name: friendlyName || undefined,
      billingCycle: billingCycles.get(wire.provisioningFrequency ?? billingCycleType.unknown),
    },
    quantity: quantity!,
    startsAt: fromWireDate(wire.startDate),
    autoRenew: wire.autoRenew ?? undefined,
  }
}

export function toCustomerToCreate(wire: Wire<'Customer'>): NewCustomer {
  if (!wire.name) throw new Refused(400, 'Customer name is required!')
  return toCustomerDetails(wire)
}

export function toAcceptance(wire: Wire<'Agreement'>): Acceptance & { readonly customerId: string } {
  const signedOn = fromWireDate(wire.signedOn)
  if (!wire.templateId) throw new Refused(400, 'Agreement templateId is required!')
  if (!wire.customer?.id) throw new Refused(400, 'Agreement customer id is required!')
  if (!signedOn) throw new Refused(400, 'Agreement signedOn is required!')
  return {
    customerId: wire.customer.id,
    templateId: wire.templateId,
    signedBy: wire.signedBy ? toContact(wire.signedBy) : {},
    signedOn,
  }
}

export function toItemPurchase(wire: Wire<'NonRecurringItem'>): ItemPurchase {
  const { partNumber, customer, quantity, friendlyName, description, pricing } = wire
  if (!partNumber) throw new Refused(400, 'NonRecurringItem partNumber is required!')
  if (!customer?.id) throw new Refused(400, 'NonRecurringItem customer id is required!')
  if (!((quantity ?? 0) > 0)) throw new Refused(400, 'NonRecurringItem quantity has to be more than 0!')
  return {
    customer: { id: customer.id, name: customer.name ?? undefined },
    product: { id: partNumber },
    quantity: quantity!,
    name: friendlyName ?? undefined,
    description: description ?? undefined,
    unitPrice: pricing?.price ?? undefined,
    effectiveOn: dayOf(wire.effectiveDate),
    expiresOn: dayOf(wire.expiryDate),
  }
}

const dayOf = (text: string | null | undefined) => fromWireDate(text)?.toISOString().slice(0, 10)
