import type { Json } from '../json.ts'
import type { InvoiceLine, RemoteInvoice, UsageLine } from '../operations.ts'
import { ProviderError } from '../provider-error.ts'
import { billingCycles } from './billing-cycles.ts'
import type { Wire } from './models.ts'
import { fromWireDate } from './wire.ts'

/** Invoices and what they charge for, in the SDK's words. */

export function toRemoteInvoice(wire: Wire<'Invoice'>): RemoteInvoice {
  if (!wire.id) throw new ProviderError('transient', 'An invoice came from the provider without its id.')
  return {
    id: wire.id,
    name: text(wire.name),
    issuedOn: fromWireDate(wire.invoiceDate),
    currency: text(wire.currency),
    total: wire.totalCharges ?? undefined,
    paid: wire.paidAmount ?? undefined,
    raw: wire as Json,
  }
}

/** @param itemId - of what was sold once; absent for a subscription. */
export function toInvoiceLine(wire: Wire<'LicenseSummary'>, itemId?: string): InvoiceLine {
  return {
    ...toCharge(wire),
    kind: itemId === undefined ? 'subscription' : 'item',
    itemId: text(itemId),
    sku: text(wire.partNumber),
    description: text(wire.chargeDescription),
    billingCycle: billingCycles.get(wire.billingCycleType ?? 0),
    orderId: text(wire.orderId),
    from: fromWireDate(wire.chargeStartDate),
    until: fromWireDate(wire.chargeEndDate),
    discount: wire.discount ?? undefined,
    publisher: text(wire.manufacturer),
  }
}

export function toUsageLine(wire: Wire<'ConsumptionLine'>): UsageLine {
  return {
    ...toCharge(wire),
    from: fromWireDate(wire.cycleStartDate),
    until: fromWireDate(wire.cycleEndDate),
    service: text(wire.service),
    resource: text(wire.resource),
    chargeType: text(wire.chargeType),
    unit: text(wire.unit),
    region: text(wire.region),
  }
}

function toCharge(wire: Wire<'LicenseSummary'> | Wire<'ConsumptionLine'>) {
  const { customer } = wire
  return {
    id: text(wire.id),
    invoiceId: text(wire.invoice?.id),
    customer: customer?.id ? { id: customer.id, name: text(customer.name) } : undefined,
    subscriptionId: text(wire.subscription?.id),
    currency: text(wire.currency),
    quantity: wire.quantity ?? undefined,
    unitPrice: wire.unitPrice ?? undefined,
    tax: wire.tax ?? undefined,
    total: wire.total ?? undefined,
    raw: wire as Json,
  }
}

const text = (value: string | null | undefined) => value || undefined
