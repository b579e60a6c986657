import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { verifyChain } from '../../src/connectors/partner-center/certificate-chain.ts'

/** Certificates without their keys, which nobody has: root, intermediate, and two leaves that name their issuer's address. */
const pem = (name: string) => readFileSync(new URL(`../fixtures/certificates/${name}.pem`, import.meta.url))
const leaf = new X509Certificate(pem('leaf'))
const now = new Date('2030-01-01T00:00:00Z')

function verify({
  certificate = leaf,
  roots = [pem('root').toString()],
  issuer = pem('intermediate'),
  at = now,
}: {
  certificate?: X509Certificate
  roots?: string[]
  issuer?: Uint8Array
  at?: Date
} = {}) {
  const asked: string[] = []
  const fetch = async (url: string) => {
    asked.push(url)
    return issuer
  }
  return verifyChain(certificate, { roots, now: at, fetch }).then(() => asked)
}

test('a certificate is followed over the issuer that it names to a root', async () => {
  expect(await verify()).toEqual(['http://www.microsoft.com/pki/intermediate.crt'])
})

test('an issuer that is a root itself is not asked for', async () => {
  expect(await verify({ roots: [pem('intermediate').toString()] })).toEqual([])
})

test.each([
  ['a root that is not believed', { roots: [] }, 'its issuer is not known'],
  ['an issuer that did not issue it', { issuer: pem('root') }, 'not issued by the one it names'],
  ['an issuer that is no authority', { issuer: pem('leaf') }, 'not issued by the one it names'],
  ['an issuer at a stranger', { certificate: new X509Certificate(pem('elsewhere')) }, 'its issuer is not known'],
  ['a time before it began', { at: new Date('2020-01-01') }, 'out of its time'],
  ['no certificate at all', { issuer: new Uint8Array([1]) }, 'cannot be read'],
])('%s is refused', async (_, options, message) => {
  await expect(verify(options)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(message) })
})

test('Node believes the roots that Microsoft signs with', async () => {
  const { rootCertificates } = await import('node:tls')
  const subjects = rootCertificates.map((text) => new X509Certificate(text).subject)
  expect(subjects.some((subject) => subject.includes('Microsoft RSA Root Certificate Authority'))).toBe(true)
})
