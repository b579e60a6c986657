import { Contact } from '../../../entities/index.ts'
import { MAX_PAGE_SIZE, select } from '../../../query/index.ts'
import type { OrganizationService } from '../../../service/index.ts'

/** Domains whose addresses anybody can have: they say nothing about a company. The list is ours. */
export const publicMailDomains: ReadonlySet<string> = Object.freeze(
  new Set([
    'aol.com',
    'gmail.com',
    'gmx.com',
    'gmx.de',
    'gmx.net',
    'googlemail.com',
    'hotmail.co.uk',
    'hotmail.com',
    'hotmail.de',
    'hotmail.fr',
    'icloud.com',
    'live.com',
    'mac.com',
    'mail.com',
    'mail.ru',
    'me.com',
    'msn.com',
    'outlook.com',
    'outlook.de',
    'outlook.fr',
    'proton.me',
    'protonmail.com',
    'qq.com',
    't-online.de',
    'web.de',
    'yahoo.co.uk',
    'yahoo.com',
    'yahoo.de',
    'yahoo.fr',
    'yandex.com',
    'yandex.ru',
    'ymail.com',
  ]),
)

/** The part of an e-mail address after its @, in lower case; `undefined` for a text that has none. */
export function domainOf(email: string | null | undefined): string | undefined {
  return email?.trim().toLowerCase().split('@')[1] || undefined
}

/** The domains by which a customer of a provider can be recognised: of its e-mail address, and its own (A4). */
export function domainsOf(customer: {
  readonly email?: string | undefined
  readonly domain?: string | undefined
}): readonly string[] {
  const domains = [domainOf(customer.email), customer.domain?.trim().toLowerCase()]
  return [...new Set(domains)].filter((domain): domain is string => Boolean(domain) && !publicMailDomains.has(domain!))
}

/** The accounts that have contacts with an e-mail address of a domain, the oldest account first. */
export type AccountsByDomain = ReadonlyMap<string, readonly string[]>

/**
 * Reads the e-mail domains of all active contacts of active accounts, page by page, and keeps the domains only. One pass
 * over the contacts, however many customers are matched afterwards.
 */
export async function readAccountsByDomain(service: OrganizationService): Promise<AccountsByDomain> {
  const query = select(Contact, ['emailaddress1', 'parentcustomerid'])
    .where('emailaddress1', 'not-null')
    .where('statecode', 'eq', 0)
    .linked({
      table: 'account',
      from: 'accountid',
      to: 'parentcustomerid',
      alias: 'account',
      columns: ['createdon'],
      type: 'inner',
      filter: { kind: 'compare', column: 'statecode', operator: 'eq', values: [0] },
    })
  const found = new Map<string, Map<string, Date>>()
  let cookie: string | undefined
  do {
    const { rows, pagingCookie } = await service.retrieveMultiple(query.paged(MAX_PAGE_SIZE, cookie))
    for (const row of rows) {
      const domain = domainOf(row.emailaddress1)
      const account = row.parentcustomerid
      if (domain === undefined || account === null || publicMailDomains.has(domain)) continue
      const createdOn = (row as { readonly 'account.createdon'?: Date | null })['account.createdon']
      const accounts = found.get(domain) ?? new Map<string, Date>()
      accounts.set(account.id, createdOn ?? new Date(0))
      found.set(domain, accounts)
    }
    cookie = pagingCookie
  } while (cookie !== undefined)
  return new Map([...found].map(([domain, accounts]) => [domain, oldestFirst(accounts)]))
}

function oldestFirst(accounts: ReadonlyMap<string, Date>): readonly string[] {
  return [...accounts]
    .sort(([a, createdA], [b, createdB]) => createdA.getTime() - createdB.getTime() || (a < b ? -1 : 1))
    .map(([id]) => id)
}

/**
 * The account that a customer belongs to, by its domains. Where several fit it is nobody's, or the oldest account's.
 */
export function matchAccount(
  domains: readonly string[],
  accountsByDomain: AccountsByDomain,
  whenSeveral: 'Leave unmapped' | 'Oldest account',
): string | undefined {
  for (const domain of domains) {
    const [oldest, ...others] = accountsByDomain.get(domain) ?? []
    if (oldest === undefined) continue
    return others.length === 0 || whenSeveral === 'Oldest account' ? oldest : undefined
  }
  return undefined
}
