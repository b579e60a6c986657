// What every server is asked. A scenario says which requests are sent in turn, what the answer has to say, and what the
// emulator is to reach beside others.
import { accountOf, idOf } from '../serving/rows.mjs'

const BASE = '/api/data/v9.2'
const JSON_TYPE = { 'Content-Type': 'application/json' }

/** The column of a contact's account, as each server calls it. */
const lookup = { ours: '_parentcustomerid_value', others: 'parentcustomerid_accountid' }

const get = (path) => ({ method: 'GET', path: BASE + path.replaceAll(' ', '%20') })
const times = (count, make) => Array.from({ length: count }, (_, n) => make(n))
const names = ({ value }) => value.map(({ name }) => name).sort()

/** Ids that no row has yet, for creating. */
const newId = (n) => idOf('f', n)

const halfOfBare = { bare: 0.5 }
const aheadInWriting = { cap: 5, capIndexed: 5, feMockserver: 1 }

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {(server: 'ours' | 'others') => readonly import('../serving/load.mjs').Load['requests'][number][]} requests
 * @property {(body: any) => unknown} [read] what the answer to the first request says
 * @property {(rows: ReturnType<typeof import('../serving/rows.mjs').rowsOf>) => unknown} [expected] what it has to say
 * @property {Partial<Record<'bare' | 'cap' | 'capIndexed' | 'feMockserver', number>>} target how many times as fast as whom
 * @property {'sockets' | 'node:http'} [client]
 * @property {boolean} [once] its requests cannot be repeated
 */

const readAccount = ({ name, revenue, address1_city }) => ({ name, revenue, address1_city })

/** @type {readonly Scenario[]} */
export const scenarios = [
  {
    name: 'GET by key',
    requests: () => times(500, (n) => get(`/accounts(${idOf('a', n)})`)),
    read: readAccount,
    expected: () => readAccount(accountOf(0)),
    target: halfOfBare,
  },
  {
    name: "GET by key, by Node's client",
    client: 'node:http',
    requests: () => times(500, (n) => get(`/accounts(${idOf('a', n)})`)),
    read: readAccount,
    expected: () => readAccount(accountOf(0)),
    target: halfOfBare,
  },
  {
    name: 'GET by key with $select',
    requests: () => times(500, (n) => get(`/accounts(${idOf('a', n)})?$select=name,revenue`)),
    read: ({ name, revenue }) => ({ name, revenue }),
    expected: () => ({ name: accountOf(0).name, revenue: accountOf(0).revenue }),
    target: halfOfBare,
  },
  {
    name: '$filter eq',
    requests: (server) =>
      times(100, (n) => get(`/contacts?$select=lastname&$filter=${lookup[server]} eq ${idOf('a', n)}`)),
    read: ({ value }) => value.map(({ lastname }) => lastname).sort(),
    expected: ({ contacts }) =>
      contacts.filter(({ accountid }) => accountid === idOf('a', 0)).map(({ lastname }) => lastname),
    target: { capIndexed: 5 },
  },
  {
    name: 'range + contains + orderby, top 50',
    requests: () => [
      get(
        "/accounts?$select=name,revenue&$filter=revenue gt 500000 and contains(name,'7')&$orderby=revenue desc&$top=50",
      ),
    ],
    read: ({ value }) => value.map(({ name }) => name),
    expected: ({ accounts }) =>
      accounts
        .filter(({ name, revenue }) => revenue > 500_000 && name.includes('7'))
        .sort((a, b) => b.revenue - a.revenue)
        .slice(0, 50)
        .map(({ name }) => name),
    target: { capIndexed: 4 },
  },
  {
    name: '$expand collection, top 20',
    requests: () => [get('/accounts?$select=name&$expand=contact_customer_accounts($select=lastname)&$top=20')],
    read: ({ value }) =>
      value.map(({ name, contact_customer_accounts: contacts }) => [
        name,
        ...contacts.map(({ lastname }) => lastname).sort(),
      ]),
    expected: ({ accounts, contacts }) =>
      accounts
        .slice(0, 20)
        .map(({ name, accountid }) => [
          name,
          ...contacts.filter((contact) => contact.accountid === accountid).map(({ lastname }) => lastname),
        ]),
    target: { capIndexed: 3 },
  },
  {
    name: 'lambda any',
    requests: () =>
      times(100, (n) => get(`/accounts?$select=name&$filter=${anyContact(`Last ${String(n).padStart(5, '0')}`)}`)),
    read: names,
    expected: () => [accountOf(0).name],
    target: { capIndexed: 10 },
  },
  {
    name: '$apply groupby',
    requests: () => [get('/accounts?$apply=groupby((address1_city),aggregate($count as count))')],
    read: ({ value }) => value.map(({ address1_city: city, count }) => `${city}: ${count}`).sort(),
    expected: ({ accounts }) => {
      const counts = new Map()
      for (const { address1_city: city } of accounts) counts.set(city, (counts.get(city) ?? 0) + 1)
      return [...counts].map(([city, count]) => `${city}: ${count}`).sort()
    },
    target: { cap: 4, capIndexed: 4 },
  },
  {
    name: '$count',
    requests: () => [get('/accounts/$count')],
    read: (count) => count,
    expected: ({ accounts }) => accounts.length,
    target: { cap: 10, capIndexed: 10 },
  },
  {
    name: '$batch of 10 GETs',
    requests: () => times(50, (n) => batchOf(times(10, (m) => get(`/accounts(${idOf('a', n * 10 + m)})`)))),
    read: (text) => text.match(/"name": *"[^"]+"/g).length,
    expected: () => 10,
    target: { feMockserver: 1.5 },
  },
  {
    name: 'PATCH',
    requests: () =>
      times(500, (n) => ({
        method: 'PATCH',
        path: `${BASE}/accounts(${idOf('a', n)})`,
        headers: JSON_TYPE,
        body: JSON.stringify({ telephone1: `+1 556 ${n}` }),
      })),
    target: aheadInWriting,
  },
  {
    name: 'POST',
    once: true,
    requests: () =>
      times(60_000, (n) => ({
        method: 'POST',
        path: `${BASE}/accounts`,
        headers: JSON_TYPE,
        body: JSON.stringify({ ...accountOf(n), accountid: newId(n) }),
      })),
    target: aheadInWriting,
  },
  {
    // Of those that POST has created.
    name: 'DELETE',
    once: true,
    requests: () => times(60_000, (n) => ({ method: 'DELETE', path: `${BASE}/accounts(${newId(n)})` })),
    target: aheadInWriting,
  },
]

function anyContact(name) {
  return `contact_customer_accounts/any(c:c/lastname eq '${name}')`
}

function batchOf(requests) {
  const parts = requests.map(
    ({ method, path }) =>
      `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${method} ${path.slice(BASE.length + 1)} HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n`,
  )
  return {
    method: 'POST',
    path: `${BASE}/$batch`,
    headers: { 'Content-Type': 'multipart/mixed; boundary=b', 'OData-Version': '4.0' },
    body: `${parts.join('')}--b--\r\n`,
  }
}
