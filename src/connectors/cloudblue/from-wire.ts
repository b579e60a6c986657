import type { CatalogProduct, RemoteCustomer } from '../operations.ts'
import type { RemoteSubscription } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { toJson } from '../xml-rpc/to-json.ts'
import { memberOf, type XmlRpcValue } from '../xml-rpc/value.ts'
import type { ResourceType, ServiceTemplate, Subscription } from './wire.ts'

/** Each whole number comes as `i4` or `i8`, and some as text. */
export function numberIn(value: XmlRpcValue | undefined, name: string): number {
  const member = memberOf(value, name)
  const isNumber = typeof member === 'number' || typeof member === 'bigint' || typeof member === 'string'
  const number = isNumber && member !== '' ? Number(member) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw new ProviderError('transient', `CloudBlue answered without ${name}, or with one that is no number.`)
}

export function textIn(value: XmlRpcValue | undefined, name: string): string | undefined {
  const member = memberOf(value, name)
  return typeof member === 'string' && member !== '' ? member : undefined
}

/** A truth comes as `boolean`, or as 0 and 1. */
function truthIn(value: XmlRpcValue | undefined, name: string): boolean {
  const member = memberOf(value, name)
  return typeof member === 'boolean' ? member : numberIn(value, name) === 1
}

export function listOf(value: XmlRpcValue | undefined): readonly XmlRpcValue[] {
  return Array.isArray(value) ? value : []
}

export function toSubscription(value: XmlRpcValue): Subscription {
  return {
    id: String(numberIn(value, 'subscription_id')),
    name: textIn(value, 'name') ?? '',
    serviceTemplateId: String(numberIn(value, 'st_id')),
    ownerId: String(numberIn(value, 'owner_id')),
    isActive: truthIn(value, 'is_active'),
    resourceTypes: listOf(memberOf(value, 'resource_types')).map(toResourceType),
    raw: value,
  }
}

export function toServiceTemplate(value: XmlRpcValue): ServiceTemplate {
  return {
    id: String(numberIn(value, 'st_id')),
    name: textIn(value, 'name') ?? '',
    isActive: truthIn(value, 'is_active'),
    resourceTypes: listOf(memberOf(value, 'resource_types')).map(toResourceType),
  }
}

function toResourceType(value: XmlRpcValue): ResourceType {
  const has = (name: string) => memberOf(value, name) !== undefined
  return {
    id: numberIn(value, 'resource_type_id'),
    name: textIn(value, 'name') ?? '',
    parentId: has('parent_resource_type_id') ? numberIn(value, 'parent_resource_type_id') : -1,
    limit: numberIn(value, 'limit'),
    usage: has('usage') ? numberIn(value, 'usage') : 0,
  }
}

/** What is used counts as the quantity of what has no limit. */
export function toRemoteSubscription(
  { id, ownerId, serviceTemplateId, name, isActive, raw }: Subscription,
  { limit, usage }: ResourceType,
): RemoteSubscription {
  return {
    id,
    customerId: ownerId,
    sku: serviceTemplateId,
    name,
    quantity: limit === -1 ? usage : limit,
    status: isActive ? 'active' : 'paused',
    raw: toJson(raw),
  }
}

/** An account's company, or the person where there is none. */
export function toCustomer(id: string, value: XmlRpcValue): RemoteCustomer {
  const person = memberOf(value, 'person')
  const address = memberOf(value, 'address')
  const firstName = textIn(person, 'first_name')
  const lastName = textIn(person, 'last_name')
  const email = textIn(value, 'email')
  const country = textIn(address, 'country')
  return {
    id,
    name: textIn(person, 'company_name') ?? ([firstName, lastName].filter(Boolean).join(' ') || `Account ${id}`),
    email,
    contact: { firstName, lastName, email },
    ...(country && {
      address: {
        country: country.toUpperCase(),
        line1: textIn(address, 'street_name'),
        line2: textIn(address, 'address2'),
        city: textIn(address, 'city'),
        region: textIn(address, 'state'),
        postalCode: textIn(address, 'zipcode'),
      },
    }),
    raw: toJson(value),
  }
}

export function toProduct(value: XmlRpcValue): CatalogProduct {
  const id = String(numberIn(value, 'st_id'))
  return { id, name: textIn(value, 'name') ?? `Service template ${id}`, raw: toJson(value) }
}
