import type { CreatedCustomer, CustomerOperations, NewCustomer, RemoteCustomer } from '../operations.ts'
import { ProviderError } from '../provider-error.ts'
import type { Pax8Api } from './api.ts'
import type { credentials, Pax8Context, settings } from './settings.ts'
import { type Company, contactTypes, type NewCompany, type NewContact } from './wire.ts'

/** Pax8's companies as customers. */
export function customerOperations(
  apiOf: (context: Pax8Context) => Pax8Api,
): CustomerOperations<typeof settings, typeof credentials> {
  return {
    async *list(context) {
      for await (const company of apiOf(context).companies()) yield toRemoteCustomer(company)
    },

    async find(context, id) {
      try {
        return toRemoteCustomer(await apiOf(context).company(id))
      } catch (error) {
        if (ProviderError.isInstance(error) && error.code === 'notFound') return null
        throw error
      }
    },

    /** Pax8 knows no idempotency key: a company of this name and domain is the one that an earlier delivery made. */
    async create(context, customer): Promise<CreatedCustomer> {
      const api = apiOf(context)
      const [body, contact] = toNewCompany(customer)
      const company = (await findAlike(api, customer)) ?? (await api.createCompany(body))
      if (!(await hasContact(api, company.id))) await api.addContact(company.id, contact)
      return toRemoteCustomer(company)
    },
  }
}

/** A company takes orders once it has a primary contact of each type, so both are made. */
function toNewCompany({ name, domain, email, address, contact }: NewCustomer): [NewCompany, NewContact] {
  const website = need(domain, 'domain')
  const phone = need(contact?.phone, 'contact.phone')
  return [
    {
      name,
      address: {
        street: need(address?.line1, 'address.line1'),
        ...(address?.line2 && { street2: address.line2 }),
        city: need(address?.city, 'address.city'),
        ...(address?.region && { stateOrProvince: address.region }),
        postalCode: need(address?.postalCode, 'address.postalCode'),
        country: need(address?.country, 'address.country'),
      },
      phone,
      website: `https://${website}`,
      billOnBehalfOfEnabled: false,
      selfServiceAllowed: false,
      orderApprovalRequired: false,
    },
    {
      firstName: need(contact?.firstName, 'contact.firstName'),
      lastName: need(contact?.lastName, 'contact.lastName'),
      email: need(contact?.email ?? email, 'contact.email'),
      phone,
      types: contactTypes.map((type) => ({ type, primary: true })),
    },
  ]
}

function need(value: string | undefined, field: string): string {
  if (value) return value
  throw new ProviderError('invalid', `Pax8 makes no company without ${field}: fill it in.`, { field })
}

async function findAlike(api: Pax8Api, { name, domain }: NewCustomer): Promise<Company | undefined> {
  for await (const company of api.companies()) {
    if (company.name === name && toRemoteCustomer(company).domain === domain?.toLowerCase()) return company
  }
  return undefined
}

async function hasContact(api: Pax8Api, companyId: string): Promise<boolean> {
  for await (const _ of api.contacts(companyId)) return true
  return false
}

const toRemoteCustomer = ({ id, name, website }: Company): RemoteCustomer => ({ id, name, domain: domainOf(website) })

function domainOf(website: string | null | undefined): string | undefined {
  if (!website) return undefined
  const address = website.includes('://') ? website : `https://${website}`
  return URL.canParse(address) ? new URL(address).hostname : undefined
}
