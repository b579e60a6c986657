import type { BillingOperations } from '../operations.ts'
import { restProviderApi } from './api.ts'
import { toInvoiceLine, toRemoteInvoice, toUsageLine } from './billing-from-wire.ts'
import type { credentials, settings } from './settings.ts'

/** What the provider has charged for. */
export const billingOperations: BillingOperations<typeof settings, typeof credentials> = {
  async *invoices(context) {
    for (const wire of await restProviderApi(context).invoices()) yield toRemoteInvoice(wire)
  },
  async find(context, id) {
    const wire = await restProviderApi(context).invoice(id)
    return wire && toRemoteInvoice(wire)
  },
  async *lines(context, { id }) {
    const api = restProviderApi(context)
    for (const wire of await api.licenseSummaries(id)) yield toInvoiceLine(wire)
    for (const wire of await api.itemSummaries(id)) yield toInvoiceLine(wire, wire.nonRecurringItem?.id ?? '')
  },
  async *usage(context, invoice) {
    const api = restProviderApi(context)
    const lines = invoice ? await api.billedUsages(invoice.id) : await api.unbilledUsages()
    for (const wire of lines) yield toUsageLine(wire)
  },
}
