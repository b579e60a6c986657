import { createSign } from 'node:crypto'
import nock from 'nock'
import { generate } from 'selfsigned'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createConnectorContext, createPartnerCenter } from '../../src/connectors/index.ts'
import { clientId, clientSecret, tenantId } from './connection.ts'

const host = 'https://3psostorageacct.blob.core.windows.net'
const url = `${host}/cert/dispatch.cer`
// Certificates begin when they are made.
const now = new Date(Date.now() + 60_000)
const clock = { now: () => now, sleep: async () => {} }

interface Certificate {
  readonly private: string
  readonly cert: string
}

const microsoft = [
  { name: 'commonName', value: 'dispatch' },
  { name: 'organizationName', value: 'Microsoft Corporation' },
]
const authority = [{ name: 'basicConstraints', cA: true, critical: true }]

let root: Certificate
let leaf: Certificate
let stranger: Certificate
let other: Certificate

beforeAll(async () => {
  root = await generate([{ name: 'commonName', value: 'Root' }], { extensions: authority as never })
  const ca = { key: root.private, cert: root.cert }
  leaf = await generate(microsoft, { ca })
  other = await generate(
    [
      { name: 'commonName', value: 'x' },
      { name: 'organizationName', value: 'Contoso' },
    ],
    { ca },
  )
  stranger = await generate(microsoft)
})

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

const body = JSON.stringify({
  EventName: 'subscription-updated',
  ResourceUri: 'https://api.partnercenter.microsoft.com/v1/customers/contoso/subscriptions/sub-1',
  ResourceName: 'subscription',
  AuditUri: null,
  ResourceChangeUtcDate: '2026-11-20T16:19:06.3520276+00:00',
})

const sign = (text: string, { private: key }: Certificate) => createSign('sha256').update(text).sign(key, 'base64')

/** What an event comes to that is signed with this certificate. */
function receive(certificate: Certificate, { text = body, headers = {} }: { text?: string; headers?: object } = {}) {
  nock(host).get('/cert/dispatch.cer').reply(200, certificate.cert)
  const connector = createPartnerCenter({ webhookRoots: [root.cert] })
  const context = createConnectorContext(connector, {
    settings: { tenantId, clientId, countryCode: 'US' },
    credentials: { clientSecret },
    key: 'event',
    clock,
  })
  return connector.events!.verify(context, {
    body: new TextEncoder().encode(text),
    headers: {
      authorization: `Signature ${sign(body, certificate)}`,
      'x-ms-certificate-url': url,
      'x-ms-signature-algorithm': 'rsa-sha256',
      ...headers,
    },
  })
}

test('an event that Microsoft signed names the subscription that changed', async () => {
  expect(await receive(leaf)).toEqual([
    {
      kind: 'subscriptionChanged',
      subscription: { id: 'sub-1', customerId: 'contoso' },
      at: new Date('2026-11-20T16:19:06.352Z'),
    },
  ])
})

test('the signature may come in a header of its own', async () => {
  const headers = { authorization: undefined, 'x-ms-signature': sign(body, leaf) }
  expect(await receive(leaf, { headers })).toHaveLength(1)
})

test('any other event keeps its name', async () => {
  const text = JSON.stringify({
    EventName: 'invoice-ready',
    ResourceUri: '/v1/invoices/7',
    ResourceChangeUtcDate: 'soon',
  })
  const headers = { authorization: `Signature ${sign(text, leaf)}` }
  expect(await receive(leaf, { text, headers })).toEqual([
    { kind: 'other', name: 'invoice-ready', resource: '/v1/invoices/7', at: now },
  ])
})

describe('is refused', () => {
  test.each([
    ['content that was changed', { text: body.replace('sub-1', 'sub-2') }, 'does not fit the content'],
    ['no signature', { headers: { authorization: 'Bearer x y' } }, 'there is none'],
    ['another algorithm', { headers: { 'x-ms-signature-algorithm': 'none' } }, 'its algorithm is none'],
    [
      'a certificate from elsewhere',
      { headers: { 'x-ms-certificate-url': 'https://evil.example/a.cer' } },
      'not on a host of Microsoft',
    ],
    [
      'a certificate over http',
      { headers: { 'x-ms-certificate-url': url.replace('https', 'http') } },
      'not on a host of Microsoft',
    ],
    [
      'a look-alike host',
      { headers: { 'x-ms-certificate-url': `${host}.evil.example/a` } },
      'not on a host of Microsoft',
    ],
    ['an address that is none', { headers: { 'x-ms-certificate-url': '' } }, 'not on a host of Microsoft'],
  ])('%s', async (_, received, message) => {
    await expect(receive(leaf, received)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(message),
    })
  })

  test('a certificate that nobody vouches for', async () => {
    await expect(receive(stranger)).rejects.toMatchObject({ message: expect.stringContaining('issuer is not known') })
  })

  test("a certificate of somebody else's", async () => {
    await expect(receive(other)).rejects.toMatchObject({
      message: expect.stringContaining('not of Microsoft Corporation'),
    })
  })

  test('a certificate that is none', async () => {
    const broken = { ...leaf, cert: 'none' }
    await expect(receive(broken)).rejects.toMatchObject({ message: expect.stringContaining('cannot be read') })
  })

  test('what is signed and makes no sense', async () => {
    const headers = { authorization: `Signature ${sign('[]', leaf)}` }
    await expect(receive(leaf, { text: '[]', headers })).rejects.toMatchObject({ code: 'invalid' })
  })
})
