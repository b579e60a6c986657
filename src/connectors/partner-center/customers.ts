import type { CustomerOperations, RemoteCustomer } from '../operations.ts'
import { path } from '../path.ts'
import { ProviderError } from '../provider-error.ts'
import { stableId } from '../stable-id.ts'
import type { PartnerCenterApi } from './api.ts'
import { collection } from './collection.ts'
import { toAddressReport, toRemoteCustomer, toWireAddress, toWireCustomer } from './from-wire.ts'
import type { credentials, PartnerCenterContext, settings } from './settings.ts'
import type { WireAddressReport, WireCustomer } from './wire.ts'

const PAGE_SIZE = 40

/** @see https://learn.microsoft.com/partner-center/developer/manage-customers */
export function customerOperations(
  apiOf: (context: PartnerCenterContext) => PartnerCenterApi,
): CustomerOperations<typeof settings, typeof credentials> {
  return {
    async *list(context) {
      const all = collection<WireCustomer>(apiOf(context), '/v1/customers', { size: PAGE_SIZE })
      for await (const wire of all) yield toRemoteCustomer(wire)
    },

    find: (context, id) => findCustomer(apiOf(context), id),

    /** Idempotent by the documentation: the same request id makes no second tenant. */
    async create(context, customer) {
      const body = toWireCustomer(customer, context.settings.countryCode.toUpperCase())
      const made = await apiOf(context).post<WireCustomer>('/v1/customers', {
        body,
        requestId: stableId(context.key, 'customer', customer.domain ?? customer.name),
      })
      return toRemoteCustomer(made)
    },

    async validateAddress(context, address) {
      const body = toWireAddress(address)
      return toAddressReport(
        await apiOf(context).post<WireAddressReport>('/v1/validations/address', {
          body,
          requestId: stableId(context.key, 'address', JSON.stringify(body)),
        }),
      )
    },

    /** Found means taken, and not found means free. */
    async isDomainAvailable(context, domain) {
      const name = domain.endsWith('.onmicrosoft.com') ? domain : `${domain}.onmicrosoft.com`
      try {
        await apiOf(context).request('HEAD', path`/v1/domains/${name}`)
        return false
      } catch (error) {
        if (ProviderError.isInstance(error) && error.code === 'notFound') return true
        throw error
      }
    },
  }
}

async function findCustomer(api: PartnerCenterApi, id: string): Promise<RemoteCustomer | null> {
  try {
    return toRemoteCustomer(await api.get<WireCustomer>(path`/v1/customers/${id}`))
  } catch (error) {
    if (ProviderError.isInstance(error) && error.code === 'notFound') return null
    throw error
  }
}
