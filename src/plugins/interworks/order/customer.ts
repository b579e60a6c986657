import { type EntityReference, reference } from '../../../service/index.ts'
import { refusal } from '../refusal.ts'
import type { Order } from './read-order.ts'

/** Who ordered: the reseller or the direct customer. */
export function customerOf({ code, account }: Order): EntityReference<'account'> {
  if (account) return reference('account', account.id)
  throw refusal('I16', `Order ${code} has no account (iw_account).`, 'Give the reseller or the direct customer.')
}
