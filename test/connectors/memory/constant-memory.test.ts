import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ListeningSimulator, serveDouble } from '../../../src/testing/index.ts'

const CUSTOMERS = 10_000
const script = join(import.meta.dirname, 'list-customers.mjs')

/** Lists them in a process of its own with so many megabytes; rejects when those do not suffice. */
const list = async (name: string, url: string, megabytes: number, ...more: string[]) =>
  Number(
    (await promisify(execFile)(process.execPath, [`--max-old-space-size=${megabytes}`, script, name, url, ...more]))
      .stdout,
  )

const token = { access_token: 'an access token', token_type: 'Bearer', expires_in: 3600 }
/** Together they are far more than a process here has. */
const long = 'x'.repeat(8000)
const some = <T>(from: number, size: number, make: (at: number) => T): T[] =>
  Array.from({ length: Math.max(0, Math.min(size, CUSTOMERS - from)) }, (_, at) => make(from + at))

/** Each answers with pages made for the request, and keeps none. */
const providers = {
  'partner-center'(request: Request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname.endsWith('/token')) return Response.json(token)
    const from = Number(request.headers.get('ms-continuationtoken') ?? 0)
    const next = from + Number(searchParams.get('size'))
    const items = some(from, next - from, (at) => ({
      id: `customer-${at}`,
      companyProfile: { companyName: `${at} ${long}`, domain: 'contoso.example' },
    }))
    return Response.json({ items, ...(next < CUSTOMERS && { continuationToken: String(next) }) })
  },
  pax8(request: Request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname.endsWith('/token')) return Response.json(token)
    const [number, size] = [Number(searchParams.get('page')), Number(searchParams.get('size'))]
    const content = some(number * size, size, (at) => ({ id: `company-${at}`, name: `${at} ${long}` }))
    return Response.json({ content, page: { number, size, totalPages: Math.ceil(CUSTOMERS / size) } })
  },
  /** Its contract has no pages: all of them are one answer, of which the SDK takes 10 MB at most. */
  'rest-provider': () => Response.json(some(0, CUSTOMERS, (at) => ({ id: `customer-${at}`, name: `Customer ${at}` }))),
}

const served: Partial<Record<string, ListeningSimulator>> = {}
beforeAll(async () => {
  for (const [name, answer] of Object.entries(providers)) served[name] = await serveDouble(answer)
})
afterAll(async () => void (await Promise.all(Object.values(served).map((server) => server?.close()))))

test.each(Object.keys(providers))(
  '10,000 customers of %s are listed by a process with little memory',
  { timeout: 60_000 },
  async (name) => {
    expect(await list(name, served[name]!.url, 40)).toBe(CUSTOMERS)
  },
)

test.each(['partner-center', 'pax8'])(
  'those of %s would not fit, if somebody kept them',
  { timeout: 60_000 },
  async (name) => {
    await expect(list(name, served[name]!.url, 40, '--keep')).rejects.toThrow('heap out of memory')
  },
)
