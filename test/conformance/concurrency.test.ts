import { afterEach, beforeEach, expect, test } from 'vitest'
import { serveEmulator } from '../client/served.ts'
import { connect, environment, sample } from './environment.ts'
import { feature } from './feature.ts'

let url: string
let close: () => Promise<void>
let dataverse: ReturnType<typeof environment>['dataverse']
beforeEach(async () => {
  dataverse = environment().dataverse
  const server = await serveEmulator(dataverse)
  close = server.close
  url = `${server.url}/api/data/v9.2/accounts(${sample.contoso})`
})
afterEach(() => close())

test(feature('concurrency.if-match'), async () => {
  const clients = Array.from({ length: 50 }, (_, at) => at)
  const increments = 2
  const versions: string[] = []
  const won = new Map<number, number>()
  let lost = 0

  /** Reads the number, writes it one higher, and begins again when somebody else was faster. */
  const work = async (client: number) => {
    for (let done = 0; done < increments; ) {
      const read = await fetch(`${url}?$select=numberofemployees`)
      const { numberofemployees } = (await read.json()) as { numberofemployees: number }
      const response = await fetch(url, {
        method: 'PATCH',
        headers: {
          'If-Match': read.headers.get('etag')!,
          'Content-Type': 'application/json',
          Prefer: 'return=representation',
        },
        body: JSON.stringify({ numberofemployees: numberofemployees + 1 }),
      })
      expect([200, 412]).toContain(response.status)
      const answer = (await response.json()) as { '@odata.etag': string; error?: { code: string } }
      if (response.status === 412) {
        expect(answer.error?.code).toBe('0x80060882')
        lost++
        continue
      }
      versions.push(answer['@odata.etag'])
      won.set(client, (won.get(client) ?? 0) + 1)
      done++
    }
  }
  await fetch(url, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: '{"numberofemployees":0}',
  })
  await Promise.all(clients.map(work))

  expect(new Set(versions).size).toBe(clients.length * increments)
  expect([...won.values()]).toEqual(clients.map(() => increments))
  // Nothing is lost: every success counts.
  const { numberofemployees } = await dataverse.retrieve('account', sample.contoso, ['numberofemployees'])
  expect(numberofemployees).toBe(clients.length * increments)
  expect(lost).toBeGreaterThan(0)
}, 60_000)

test(feature('concurrency.last-version'), async () => {
  const { headers } = await fetch(url)
  const etag = headers.get('etag')!
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      fetch(url, {
        method: 'PATCH',
        headers: { 'If-Match': etag, 'Content-Type': 'application/json' },
        body: JSON.stringify({ fax: String(at) }),
      }),
    ),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 204)).toHaveLength(1)
  expect(statuses.filter((status) => status === 412)).toHaveLength(49)
  const winner = statuses.indexOf(204)
  expect((await dataverse.retrieve('account', sample.contoso, ['fax'])).fax).toBe(String(winner))
})

test(feature('concurrency.upserts'), async () => {
  const key = url.replace(/accounts\(.*/, "new_things(new_code='one')")
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      fetch(key, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json', Prefer: 'return=representation' },
        body: JSON.stringify({ new_name: String(at) }),
      }),
    ),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(49)
  expect(await dataverse.list('new_thing')).toHaveLength(1)
})

test(feature('concurrency.forks'), async () => {
  const forks = Array.from({ length: 10 }, () => dataverse.fork())
  await Promise.all(
    forks.map(async (fork, at) => {
      const client = connect(fork)
      for (let count = 0; count <= at; count++) await client.post('/accounts', { name: `${at}` })
    }),
  )
  const names = await Promise.all(
    forks.map(async (fork) => (await fork.list('account', ['name'])).filter(({ name }) => /^\d$/.test(String(name)))),
  )
  expect(names).toEqual(forks.map((_, at) => Array.from({ length: at + 1 }, () => ({ name: `${at}` }))))
  expect(await dataverse.list('account')).toHaveLength(3)
})
