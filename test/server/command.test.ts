import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningProcess, work365 } from './running-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'work365-server-'))
})
afterAll(() => rm(folder, { recursive: true }))

const seed = async (rows: object) => {
  const file = join(folder, `${Math.random()}.json`)
  await writeFile(file, JSON.stringify(rows))
  return file
}
const addressOf = async (server: RunningProcess) => (await server.line(/^listening on (http\S+)$/))[1]!
// biome-ignore lint/suspicious/noExplicitAny: what is answered is what is tested
const json = async (url: string): Promise<any> => (await fetch(url)).json()

test('the emulator serves its Web API, tokens and controls, with the rows it was given, until it is told to stop', async () => {
  const rows = await seed({ account: [{ name: 'Fabrikam' }] })
  const server = work365(['emulator', '--port', '0', '--seed', rows])
  const url = await addressOf(server)

  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await json(`${url}/api/data/v9.2/accounts?$select=name`)).value).toMatchObject([{ name: 'Fabrikam' }])
  expect(await json(`${url}/_emulator/health`)).toMatchObject({ status: 'ok', steps: expect.any(Number) })
  expect((await json(`${url}/_emulator/health`)).steps).toBeGreaterThan(10)
  expect((await json(`${url}/_emulator/clock`)).running).toBe(true)

  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  expect(server.output.at(-1)).toBe('stopped')
  expect(server.errors).toEqual([])
})

test('of the standard tables, without steps, with a clock that stands still, it tells its addresses as JSON', async () => {
  const server = work365([
    'emulator',
    ...['--port', '0', '--tables', 'standard', '--no-steps', '--now', '2026-03-01T09:00:00Z', '--json'],
  ])
  const [line] = await server.line(/^\{.*\}$/)
  const { url, webApi, controls, authority } = JSON.parse(line)

  expect(await json(`${controls}/clock`)).toEqual({ now: '2026-03-01T09:00:00.000Z', running: false })
  expect((await json(`${controls}/health`)).steps).toBe(0)
  expect((await fetch(`${webApi}incidents`)).status).toBe(200)
  expect((await fetch(`${webApi}work365_subscriptions`)).status).toBe(404)
  expect((await json(`${webApi}savedqueries?$select=name&$filter=name eq 'Active Contacts'`)).value).toHaveLength(1)
  expect(authority.startsWith(`${url}/`)).toBe(true)

  server.child.kill('SIGINT')
  expect(await server.ended).toBe(0)
  expect(server.output).toEqual([line])
})

describe('tables are read from', () => {
  const boat = {
    LogicalName: 'new_boat',
    EntitySetName: 'new_boats',
    PrimaryIdAttribute: 'new_boatid',
    PrimaryNameAttribute: 'new_name',
    OwnershipType: 'UserOwned',
    Attributes: [
      { '@odata.type': '#Microsoft.Dynamics.CRM.StringAttributeMetadata', LogicalName: 'new_name', MaxLength: 100 },
    ],
  }
  const customizations = `<ImportExportXml><Entities><Entity><Name>Account</Name><EntityInfo><entity Name="Account"><attributes>
    <attribute PhysicalName="new_Berth"><Type>nvarchar</Type><Name>new_berth</Name><LogicalName>new_berth</LogicalName><MaxLength>50</MaxLength></attribute>
    </attributes></entity></EntityInfo></Entity></Entities></ImportExportXml>`

  test.each<readonly [string, () => string | Promise<string>, string]>([
    ['entity definitions', () => JSON.stringify({ value: [boat, { ...boat, LogicalName: 'systemuser' }] }), 'new_boat'],
    ['a metadata document', () => metadataDocument(), 'new_boat'],
    ['a customizations file, which adds its columns to the standard ones', () => customizations, 'account'],
  ])('%s', async (title, content, table) => {
    const file = join(folder, `${table}-${Math.random()}`)
    await writeFile(file, await content())
    const row = table === 'account' ? { name: 'Bounty', new_berth: 'B 12' } : { new_name: 'Bounty' }
    const server = work365([
      ...['emulator', '--port', '0', '--json'],
      ...['--tables', file, '--seed', await seed({ [table]: [row] })],
    ])
    const { webApi, notes } = JSON.parse((await server.line(/^\{/)).input)

    expect((await json(`${webApi}${table}s`)).value).toMatchObject([row])
    if (title === 'entity definitions') expect(notes.join()).toContain('systemuser')

    server.child.kill('SIGTERM')
    await server.ended
  })

  async function metadataDocument() {
    const file = join(folder, 'boats.json')
    await writeFile(file, JSON.stringify({ value: [boat] }))
    const server = work365(['emulator', '--port', '0', '--tables', file])
    const document = await (await fetch(`${await addressOf(server)}/api/data/v9.2/$metadata`)).text()
    server.child.kill('SIGTERM')
    return document
  }
})

test('connections that clients keep open do not hold up a stop, and what is being answered is answered', async () => {
  const server = work365(['emulator', '--port', '0'])
  const url = await addressOf(server)
  const agent = new Agent({ keepAlive: true })
  const get = (path: string) =>
    new Promise<number>((resolve, reject) => {
      request(`${url}${path}`, { agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode!))
      })
        .on('error', reject)
        .end()
    })
  await get('/_emulator/health')
  const fault = { match: { path: '/accounts' }, delayMs: 300 }
  await fetch(`${url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) })
  const slow = get('/api/data/v9.2/accounts')
  // Only when the trace tells of it has it arrived.
  await expect.poll(async () => JSON.stringify(await json(`${url}/_emulator/trace`))).toContain('/accounts')

  server.child.kill('SIGTERM')

  expect(await slow).toBe(200)
  expect(await server.ended).toBe(0)
  agent.destroy()
})

test('a port that is taken, an address that is not here, and tables that there are not end in one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const xml = join(folder, 'tables.xml')
  await writeFile(xml, '<nothing/>')
  const outcomes = await Promise.all(
    [
      ['--port', String(port)],
      ['--port', '0', '--host', '192.0.2.1'],
      ['--port', '0', '--tables', '/nowhere/tables.json'],
      ['--port', '0', '--tables', xml],
      ['--port', '0', '--now', 'tomorrow'],
    ].map(async (parameters) => {
      const { ended, errors, output } = work365(['emulator', ...parameters])
      expect(await ended).toBe(1)
      expect(output).toEqual([])
      return errors
    }),
  )
  other.close()

  expect(outcomes.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1])
  expect(outcomes.map(([line]) => line)).toEqual([
    expect.stringMatching(`^work365: Port ${port} is taken.*--port`),
    expect.stringMatching(/^work365: This machine has no address '192\.0\.2\.1'.*--host/),
    expect.stringMatching(/^work365: There is no file '\/nowhere\/tables\.json'/),
    expect.stringMatching(/^work365: .*tables\.xml/),
    expect.stringMatching(/^work365: --now is a moment/),
  ])
})

test('exec runs a command beside an emulator, tells it where that is, and ends as the command does', async () => {
  const script = join(folder, 'script.mjs')
  await writeFile(
    script,
    `const { DATAVERSE_URL, DATAVERSE_API_URL, DATAVERSE_AUTHORITY, WORK365_EMULATOR_URL } = process.env
     const health = await (await fetch(WORK365_EMULATOR_URL + '/health')).json()
     const { UserId } = await (await fetch(DATAVERSE_API_URL + '/WhoAmI()')).json()
     console.log(JSON.stringify([health.status, UserId !== undefined, DATAVERSE_AUTHORITY.startsWith(DATAVERSE_URL)]))
     process.exit(Number(process.argv[2]))`,
  )

  const failing = work365(['emulator', 'exec', '--', process.execPath, script, '7'])
  expect(await failing.ended).toBe(7)
  expect(failing.output).toEqual(['["ok",true,true]'])
  expect(failing.errors).toEqual([])

  expect(await work365(['emulator', 'exec', '--', process.execPath, script, '0']).ended).toBe(0)
})

test('exec passes signals on, and tells of a command that one has ended as shells do', async () => {
  const waiting = "console.log('ready'); setInterval(() => {}, 1000)"
  const server = work365(['emulator', 'exec', '--', process.execPath, '-e', waiting])
  await server.line(/^ready$/)
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(128 + 15)

  const suicide = ['emulator', 'exec', '--', process.execPath, '-e', "process.kill(process.pid, 'SIGKILL')"]
  expect(await work365(suicide).ended).toBe(128 + 9)
})

test('exec refuses a command that there is not', async () => {
  const { ended, errors } = work365(['emulator', 'exec', '--', 'no-such-command-here'])

  expect(await ended).toBe(1)
  expect(errors).toEqual(["work365: There is no command 'no-such-command-here'."])
})
