import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandFailure } from '../failure.ts'

/** A certificate for this machine that signs itself, and the file that clients have to trust. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  /** Where the certificate is kept, for clients. */
  readonly file: string
  /** Removes the file. */
  remove(): Promise<void>
}

const DAYS = 30
const NAMES = ['localhost', '127.0.0.1', '::1']

/** Makes a certificate that is good for `host` and for the usual names of this machine. */
export async function createCertificate(host: string): Promise<Certificate> {
  const { generate } = await loadGenerator()
  const begin = Date.now() - 60_000
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'work365 emulator' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(begin),
    notAfterDate: new Date(begin + DAYS * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...new Set([...NAMES, host])].map((name) =>
          isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
        ),
      },
    ],
  })
  const folder = await mkdtemp(join(tmpdir(), 'work365-emulator-'))
  const file = join(folder, 'certificate.pem')
  await writeFile(file, cert)
  return { key, cert, file, remove: () => rm(folder, { recursive: true, force: true }) }
}

async function loadGenerator() {
  try {
    return await import('selfsigned')
  } catch {
    throw new CommandFailure(
      '--https needs the package selfsigned, which is not installed. Run `npm install selfsigned`, or leave --https out.',
    )
  }
}
