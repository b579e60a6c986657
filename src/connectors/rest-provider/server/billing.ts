import { askConnector, listFromConnector } from '../../run-connector.ts'
import { offered, type Served } from '../../serving/served.ts'
import type { Wire } from '../models.ts'
import type { RouteRequest } from './app.ts'
import { toConsumptionLine, toInvoice, toItemSummary, toLicenseSummary } from './billing-to-model.ts'

/** The routes of invoices and of usage. */
export function billingHandlers(served: Served) {
  const { connector, contextFor } = served
  const { billing } = connector

  async function summaries<N extends 'LicenseSummary' | 'NonRecurringItemSummary'>(
    { params }: RouteRequest,
    wanted: 'subscription' | 'item',
    toModel: (line: Parameters<typeof toLicenseSummary>[0]) => Wire<N>,
  ) {
    const lines = offered(served, billing?.lines, 'what its invoices charge for')
    const context = contextFor()
    const models: Wire<N>[] = []
    for await (const line of listFromConnector(connector, context, () => lines(context, { id: params.id! })))
      if (line.kind === wanted) models.push(toModel({ invoiceId: params.id, ...line }))
    return models
  }

  async function usages(invoiceId?: string) {
    const usage = offered(served, billing?.usage, 'usage')
    const context = contextFor()
    const invoice = invoiceId === undefined ? undefined : { id: invoiceId }
    const models: Wire<'ConsumptionLine'>[] = []
    for await (const line of listFromConnector(connector, context, () => usage(context, invoice)))
      models.push(toConsumptionLine({ invoiceId, ...line }))
    return models
  }

  return {
    async listInvoices() {
      const { invoices } = offered(served, billing, 'its invoices')
      const context = contextFor()
      const models: Wire<'Invoice'>[] = []
      for await (const invoice of listFromConnector(connector, context, () => invoices(context)))
        models.push(toInvoice(invoice))
      return models
    },

    async getInvoice({ params }: RouteRequest) {
      const { find, invoices } = offered(served, billing, 'its invoices')
      const context = contextFor()
      if (find) {
        const found = await askConnector(connector, context, () => find(context, params.id!))
        return found && toInvoice(found)
      }
      for await (const invoice of listFromConnector(connector, context, () => invoices(context)))
        if (invoice.id === params.id) return toInvoice(invoice)
      return null
    },

    listUnbilledUsages: () => usages(),
    listBilledUsages: ({ params }: RouteRequest) => usages(params.id),
    listLicenseSummaries: (request: RouteRequest) =>
      summaries<'LicenseSummary'>(request, 'subscription', toLicenseSummary),
    listNonRecurringItemSummaries: (request: RouteRequest) =>
      summaries<'NonRecurringItemSummary'>(request, 'item', toItemSummary),
  }
}
