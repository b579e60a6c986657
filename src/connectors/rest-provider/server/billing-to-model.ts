import type { InvoiceLine, RemoteInvoice, UsageLine } from '../../operations.ts'
import { billingCycleType, type Wire } from '../models.ts'
import { dateOf } from './to-model.ts'

/** Invoices and what they charge for, in the words of the contract. */

export function toInvoice(invoice: RemoteInvoice): Wire<'Invoice'> {
  return {
    ...identityOf(invoice),
    name: invoice.name ?? invoice.id,
    invoiceDate: dateOf(invoice.issuedOn),
    paidAmount: invoice.paid ?? 0,
    totalCharges: invoice.total ?? 0,
    currency: invoice.currency ?? null,
  }
}

export function toLicenseSummary(line: InvoiceLine): Wire<'LicenseSummary'> {
  return {
    ...identityOf(line),
    ...toCharge(line),
    partNumber: line.sku ?? null,
    billingCycleType: billingCycleType[line.billingCycle ?? 'unknown'],
    orderId: line.orderId ?? null,
    chargeStartDate: dateOf(line.from),
    chargeEndDate: dateOf(line.until),
    chargeDescription: line.description ?? null,
    discount: line.discount ?? 0,
    manufacturer: line.publisher ?? null,
  }
}

export const toItemSummary = (line: InvoiceLine): Wire<'NonRecurringItemSummary'> => ({
  ...toLicenseSummary(line),
  nonRecurringItem: refTo(line.itemId),
})

export function toConsumptionLine(line: UsageLine): Wire<'ConsumptionLine'> {
  return {
    ...identityOf(line),
    ...toCharge(line),
    cycleStartDate: dateOf(line.from),
    cycleEndDate: dateOf(line.until),
    service: line.service ?? null,
    resource: line.resource ?? null,
    chargeType: line.chargeType ?? null,
    unit: line.unit ?? null,
    region: line.region ?? null,
  }
}

const identityOf = ({ id }: { readonly id?: string | undefined }) => ({
  id: id ?? null,
  name: null,
  createdOn: null,
  modifiedOn: null,
})

function toCharge({ customer, subscriptionId, invoiceId, ...line }: InvoiceLine | UsageLine) {
  return {
    customer: customer ? { id: customer.id, name: customer.name ?? null } : null,
    subscription: refTo(subscriptionId),
    invoice: refTo(invoiceId),
    currency: line.currency ?? null,
    unitPrice: line.unitPrice ?? 0,
    quantity: line.quantity ?? 0,
    tax: line.tax ?? 0,
    total: line.total ?? 0,
  }
}

const refTo = (id: string | undefined) => (id === undefined ? null : { id, name: null })
