import type { SeedCustomer } from './state.ts'
import { type Asked, customerOf, Refused, type World } from './world.ts'

const TEMPLATE = 'mca-2026'

/** Customers, their addresses, domains and agreements. */
export const customers = {
  profile: ({ tenantId }: World) => ({
    id: tenantId,
    companyName: 'Contoso Partner',
    tenantId,
    profileType: 'OrganizationProfile',
  }),

  /** Pages by a token in a header. */
  list({ state, quirks }: World, { query, headers }: Asked) {
    const size = Number(query.get('size') || 40)
    const from = quirks.repeatsPages ? 0 : Number(headers.get('ms-continuationtoken') ?? 0)
    const items = state.customers.slice(from, from + size).map(toItem)
    const next = from + size
    const isMore = quirks.repeatsPages || next < state.customers.length
    return { totalCount: items.length, items, ...(isMore && { continuationToken: String(next) }) }
  },

  get: (world: World, asked: Asked) => toItem(customerOf(world, asked)),

  create({ state, ids, clock }: World, { content, headers }: Asked) {
    const { companyProfile, billingProfile } = content as {
      readonly companyProfile?: { readonly domain?: string }
      readonly billingProfile?: {
        readonly companyName?: string
        readonly defaultAddress?: { readonly country?: string }
      }
    }
    if (!companyProfile?.domain) throw new Refused(400, 3000, 'Invalid property: domain.')
    const customer: SeedCustomer = {
      id: ids(),
      name: billingProfile?.companyName ?? '',
      domain: companyProfile.domain,
      agreement: 'none',
    }
    state.customers.push(customer)
    state.writes.push({
      kind: 'customer',
      customerId: customer.id,
      requestId: headers.get('ms-requestid') ?? undefined,
      at: clock.now(),
    })
    return { ...toItem(customer), billingProfile, userCredentials: { userName: 'admin', password: `first-${ids()}` } }
  },

  hasDomain({ state }: World, { params }: Asked) {
    const isTaken = state.customers.some(({ domain }) => domain?.toLowerCase() === params.domain?.toLowerCase())
    return new Response(null, { status: isTaken ? 200 : 404 })
  },

  validateAddress(_: World, { content }: Asked) {
    const address = content as { readonly addressLine1?: string; readonly city?: string }
    const isWhole = Boolean(address.addressLine1 && address.city)
    return {
      originalAddress: address,
      suggestedAddresses: isWhole ? [] : [{ ...address, city: 'Redmond', addressLine1: '1 Microsoft Way' }],
      status: isWhole ? 'VerifiedShippable' : 'StreetPartial',
    }
  },

  templates: () => ({
    totalCount: 1,
    items: [{ templateId: TEMPLATE, agreementLink: 'https://aka.ms/customeragreement', versionRank: 1 }],
  }),

  agreements(world: World, asked: Asked) {
    const { agreement = 'confirmed', signedAs } = customerOf(world, asked)
    const items =
      agreement === 'confirmed' ? [signedAs ?? { templateId: TEMPLATE, dateAgreed: '2026-01-01T00:00:00Z' }] : []
    return { totalCount: items.length, items }
  },

  confirm(world: World, asked: Asked) {
    const customer = customerOf(world, asked)
    const { state, clock } = world
    if (customer.agreement !== 'none') throw new Refused(400, 600061, 'PartnerConfirmedAgreementAlreadyExists')
    state.customers[state.customers.indexOf(customer)] = {
      ...customer,
      agreement: 'confirmed',
      signedAs: asked.content,
    }
    const requestId = asked.headers.get('ms-requestid') ?? undefined
    state.writes.push({ kind: 'agreement', customerId: customer.id, requestId, at: clock.now() })
    return { ...(asked.content as object), userId: 'robot' }
  },

  isSigned: (world: World, asked: Asked) => ({ isSigned: customerOf(world, asked).agreement === 'signed' }),
}

function toItem({ id, name, domain = `${id}.onmicrosoft.com` }: SeedCustomer) {
  return { id, companyProfile: { tenantId: id, domain, companyName: name }, relationshipToPartner: 'reseller' }
}
