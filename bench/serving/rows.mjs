/** The id of a row: of accounts `idOf('a', 17)`, of contacts `idOf('c', 17)`. */
export const idOf = (kind, n) => `0000000${kind}-0000-4000-9000-${n.toString(16).padStart(12, '0')}`

const cities = Array.from({ length: 50 }, (_, n) => `City ${String(n).padStart(2, '0')}`)
const padded = (n) => String(n).padStart(5, '0')

export const accountOf = (n) => ({
  accountid: idOf('a', n),
  name: `Account ${padded(n)}`,
  accountnumber: `A-${padded(n)}`,
  telephone1: `+1 555 ${padded(n)}`,
  emailaddress1: `office${n}@example.com`,
  websiteurl: `https://example.com/${n}`,
  numberofemployees: (n * 37) % 1000,
  revenue: (n * 7919) % 1_000_000,
  creditonhold: n % 10 === 0,
  address1_city: cities[n % cities.length],
  address1_country: 'US',
})

const contactOf = (n, accounts) => ({
  contactid: idOf('c', n),
  firstname: `First ${padded(n)}`,
  lastname: `Last ${padded(n)}`,
  emailaddress1: `person${n}@example.com`,
  jobtitle: `Job ${n % 20}`,
  accountid: idOf('a', n % accounts),
})

/** So many accounts, and contacts that are spread evenly over them. */
export function rowsOf(accounts, contacts) {
  return {
    accounts: Array.from({ length: accounts }, (_, n) => accountOf(n)),
    contacts: Array.from({ length: contacts }, (_, n) => contactOf(n, accounts)),
  }
}

/** The same rows as a seed file of the emulator has them. */
export function seedOf({ accounts, contacts }) {
  return {
    account: accounts,
    contact: contacts.map(({ accountid, ...contact }) => ({
      ...contact,
      parentcustomerid: { logicalName: 'account', id: accountid },
    })),
  }
}
