import type { CustomerOperations, RemoteCustomer } from '../operations.ts'
import { ProviderError } from '../provider-error.ts'
import type { XmlRpcValue } from '../xml-rpc/value.ts'
import { cloudBlueApi } from './api.ts'
import { numberIn, toCustomer } from './from-wire.ts'
import { isId } from './ids.ts'
import type { CloudBlueContext, credentials, settings } from './settings.ts'

/** The list has ids only; what is behind one is asked for when its turn comes. */
export const customers: CustomerOperations<typeof settings, typeof credentials> = {
  async *list(context) {
    const api = cloudBlueApi(context)
    for (const listed of await api.customers()) {
      const customer = await find(context, listedId(listed))
      if (customer) yield customer
    }
  },
  find,
}

async function find(context: CloudBlueContext, id: string): Promise<RemoteCustomer | null> {
  if (!isId(id)) return null
  try {
    return toCustomer(id, await cloudBlueApi(context).account(id))
  } catch (error) {
    if (ProviderError.isInstance(error) && error.code === 'notFound') return null
    throw error
  }
}

/** No source shows the list: a number is taken for an id, and so is the `account_id` of a struct. */
const listedId = (listed: XmlRpcValue) =>
  typeof listed === 'object' ? String(numberIn(listed, 'account_id')) : String(listed)
