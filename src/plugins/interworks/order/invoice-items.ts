import { Invoice, InvoiceDetail } from '../../../entities/index.ts'
import { type EntityReference, type OrganizationService, reference } from '../../../service/index.ts'
import type { ExecutedItem } from './execute.ts'
import type { Order } from './read-order.ts'

/** One invoice over what was executed, a line for each item. */
export async function invoiceItems(
  service: OrganizationService,
  order: Order,
  items: readonly ExecutedItem[],
  {
    startDate,
    contract,
  }: { readonly startDate: string; readonly contract: EntityReference<'work365_billingcontract'> },
): Promise<EntityReference<'invoice'>> {
  const subscriptions = items.flatMap(({ subscription }) => (subscription ? [subscription.id] : []))
  const id = await service.create(Invoice, {
    name: `Order ${order.code}`,
    customerid: order.account && reference('account', order.account.id),
    work365_invoice_billingcontract: contract,
    work365_invoice_billingdate: startDate,
    work365_invoice_subscriptionids: subscriptions.join(',') || null,
  })
  for (const { name, quantity, unitPrice, amount, subscription } of items) {
    await service.create(InvoiceDetail, {
      invoicedetailname: name,
      invoiceid: reference(Invoice, id),
      isproductoverridden: true,
      productdescription: name,
      ispriceoverridden: true,
      quantity,
      priceperunit: unitPrice,
      baseamount: amount,
      work365_invoiceproduct_actualquantity: quantity,
      work365_invoiceproduct_subscription: subscription && reference('work365_subscription', subscription.id),
    })
  }
  return reference(Invoice, id)
}
