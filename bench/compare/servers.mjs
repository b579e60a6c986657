// The servers that are compared: what starts each, with how many rows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rowsOf, seedOf } from '../serving/rows.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

const many = { accounts: 5000, contacts: 10_000 }
const few = { accounts: 1000, contacts: 2000 }
const inEnvironment = ({ accounts, contacts }) => ({ ACCOUNTS: String(accounts), CONTACTS: String(contacts) })
const oneAccount = '/api/data/v9.2/accounts?$top=1'

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const seedFile = join(folder, 'rows.json')
writeFileSync(seedFile, JSON.stringify(seedOf(rowsOf(many.accounts, many.contacts))))

const cap = (env) => ({
  rows: many,
  command: (port) => [here('node_modules/@sap/cds/bin/serve.js'), 'all', '--in-memory', '--port', String(port)],
  cwd: here('cap'),
  env: { ...inEnvironment(many), ...env },
  path: oneAccount,
})

const emulator = (port, ...more) => [
  here('../../dist/cli/main.cjs'),
  'emulator',
  '--port',
  String(port),
  '--tables',
  'standard',
  ...more,
]

export const servers = {
  ours: { rows: many, command: (port) => emulator(port, '--seed', seedFile), path: oneAccount },
  cap: cap({}),
  capIndexed: cap({ INDEXED: 'yes' }),
  feMockserver: {
    rows: few,
    command: () => [here('fe-mockserver.mjs')],
    env: inEnvironment(few),
    path: oneAccount,
  },
  bare: { command: () => [here('../serving/bare.mjs')], path: '/' },
}

/** The emulator as it is started without a seed file. */
export const emptyEmulator = { command: (port) => emulator(port), path: oneAccount }
