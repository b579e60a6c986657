import { BillingContract } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import { type EntityReference, type OrganizationService, reference } from '../../../service/index.ts'
import { refusal } from '../refusal.ts'
import type { Order } from './read-order.ts'

/** The contract that an order is billed under: its own, else the default one of its account. */
export async function contractFor(
  service: OrganizationService,
  { code, account, billingContract }: Order,
): Promise<EntityReference<'work365_billingcontract'>> {
  if (billingContract) return reference(BillingContract, billingContract.id)
  const { rows } = await service.retrieveMultiple(
    select(BillingContract, ['work365_billingcontractid'])
      .where('work365_billingcontract_customer', 'eq', account?.id ?? null)
      .where('work365_billingcontract_isdefault', 'eq', true)
      .where('statecode', 'eq', 0),
  )
  const [only, ...others] = rows
  if (only && others.length === 0) return reference(BillingContract, only.work365_billingcontractid)
  throw refusal(
    'I16',
    `Order ${code} has no billing contract (iw_billingcontract), and its account has ${rows.length === 0 ? 'no' : `${rows.length}`} default ${rows.length > 1 ? 'ones' : 'one'}.`,
    "Choose the order's billing contract, or mark exactly one of the account as Is Default.",
  )
}
