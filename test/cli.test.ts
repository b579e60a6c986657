import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chapters } from '../src/cli/story/chapters/index.ts'
import { work365 } from './run-work365.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'work365-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('the demo plays every scene, tells why, and ends well', async () => {
  const { code, output, errors } = await work365('demo')

  expect(errors).toBe('')
  expect(code).toBe(0)
  expect(output).not.toContain('✗')
  for (const [title, outcome] of [
    ['Nothing is configured', 'change log: Awaiting Provisioning'],
    ['a space too many', 'change log: Awaiting Provisioning'],
    ['The setting is exactly true', 'change log: Provisioned'],
    ['Two provider accounts', 'change log: Failed Provisioning'],
    ['without a part number', 'change log: Failed Provisioning'],
    ['An inactive provider', 'change log: Failed Provisioning'],
    ['consent has expired', 'change log: Failed Provisioning'],
    ['A Do Nothing provider', 'change log: Not Applicable'],
    ['A Manual provider', 'change log: Awaiting Provisioning'],
    ['credit hold', 'change log: Awaiting Provisioning'],
    ['delivered three times', 'purchases at the provider: 1'],
    ['accepted its agreement', 'at   Microsoft CSP: POST /v1/customers/'],
    ['accepted its agreement', 'in this order: ["agreement","order"]'],
    ['Seats go back', 'Reduce it at the renewal instead'],
    ['Pax8 has a person', 'at   Pax8: POST /orders → 200'],
    ['ALSO is a Rest Provider', 'at   ALSO Cloud Marketplace (served): POST /subscriptions → 200'],
    ['ALSO is a Rest Provider', 'at   ALSO Cloud Marketplace: POST /CreateSubscription → 200'],
  ] as const) {
    const scene = output.slice(output.indexOf(title)).split('\n\n')[0]
    expect(scene, title).toContain(outcome)
  }
  for (const { title, scenes } of chapters) {
    expect(output).toContain(title)
    for (const scene of scenes) expect(output).toContain(scene.title)
  }
  const count = chapters.reduce((sum, { scenes }) => sum + scenes.length, 0)
  expect(output).toContain(`${count} scenes played, 0 failed`)
})

test.each(chapters.map(({ name }) => name))('the chapter %s is played alone', async (name) => {
  const { code, output } = await work365('demo', '--chapter', name)

  expect(code).toBe(0)
  expect(output).not.toContain('✗')
  const played = chapters.filter((chapter) => output.includes(`(${chapter.name})`))
  expect(played.map((chapter) => chapter.name)).toEqual([name])
})

test('a chapter that there is not is refused with those that there are', async () => {
  const { code, errors } = await work365('demo', '--chapter', 'nothing')

  expect(code).toBe(2)
  expect(errors).toContain('orders, portal, change-logs, credit-hold, agreements, providers, interworks')
})

test('the demo fails when the data has no cast for any of its scenes', async () => {
  const file = join(folder, 'small.jsonc')
  await writeFile(file, '{ "account": [{ "name": "Alone" }] }')

  const { code, output, errors } = await work365('demo', '--chapter', 'orders', '--seed', file)

  expect(code).toBe(1)
  expect(output).toContain('not played: the data has no')
  expect(errors).toMatch(/No scene could be played/)
})

test('help says what there is', async () => {
  expect(await work365('--help')).toMatchObject({ code: 0, output: expect.stringMatching(/dev[\s\S]*demo/) })
  expect(await work365('dev', '--help')).toMatchObject({
    code: 0,
    output: expect.stringMatching(/--port[\s\S]*--seed[\s\S]*Microsoft Partner Center +Microsoft CSP/),
  })
  expect(await work365('--version')).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
})

test.each([
  ['an unknown flag', ['demo', '--sed', 'x'], 2, /unknown option '--sed'[\s\S]*--seed/],
  ['an unknown command', ['demos'], 2, /unknown command 'demos'[\s\S]*demo/],
  ['a port that is none', ['dev', '--port', '99999'], 2, /a port is a whole number from 0 to 65535/],
  [
    'a seed file that is not there',
    ['demo', '--seed', '/nowhere/rows.json'],
    1,
    /There is no file '\/nowhere\/rows\.json'/,
  ],
  ['a folder as a seed file', ['demo', '--seed', '/'], 1, /cannot be read/],
] as const)('%s is refused with the next step', async (_title, parameters, code, message) => {
  expect(await work365(...parameters)).toMatchObject({ code, errors: expect.stringMatching(message) })
})

test('a malformed seed file is refused with its line and the reason', async () => {
  const file = join(folder, 'bad.jsonc')
  await writeFile(file, '{\n  "account": [\n    { "nam": "x" }\n  ]\n}')

  expect(await work365('demo', '--seed', file)).toMatchObject({
    code: 1,
    errors: `work365: ${file}:3: 'account' has no column 'nam'.`,
  })
})

test('a port that is taken is refused by name', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    expect(await work365('dev', '--port', String(port))).toMatchObject({
      code: 1,
      errors: expect.stringMatching(`Port ${port} is taken.*--port`),
    })
  } finally {
    server.close()
  }
})

describe('work365 dev', () => {
  test('plays an order, serves the Web API and the controls on loopback, runs the jobs of orders over HTTP, and stops on a signal', async () => {
    const process_ = spawn(process.execPath, ['dist/cli/main.cjs', 'dev', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: string[] = []
    const listening = new Promise<string>((resolve) => {
      createInterface(process_.stdout).on('line', (line) => {
        lines.push(line)
        const [, url] = /^listening on (http:\S+)$/.exec(line) ?? []
        if (url) resolve(url)
      })
    })
    try {
      const url = await listening
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect(lines.join('\n')).toMatch(
        /at {3}Northwind Distribution: POST \/subscriptions → 200[\s\S]*✓ change log: Provisioned[\s\S]*What ran/,
      )
      expect(await (await fetch(`${url}/_emulator/health`)).json()).toMatchObject({ status: 'ok' })

      const api = `${url}/api/data/v9.2`
      const [account, product] = await Promise.all(['accounts', 'products'].map((set) => first(`${api}/${set}?$top=1`)))
      const created = await fetch(`${api}/work365_subscriptions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          work365_subscription_subscriptionname: 'over HTTP',
          work365_subscription_quantity: 2,
          work365_subscription_channel: 100_000_000,
          'work365_subscription_customer@odata.bind': `accounts(${account!.accountid})`,
          'work365_subscription_product@odata.bind': `products(${product!.productid})`,
        }),
      })
      expect(created.status).toBe(204)
      const newest = `${api}/work365_licensechangelogs?$top=1&$orderby=createdon desc,work365_licensechangelogid desc`
      await expect
        .poll(async () => (await first(newest))?.work365_licensechangelog_actualprovisionedon, { timeout: 15_000 })
        .toBeTruthy()
      expect(await first(newest)).toMatchObject({ work365_licensechangelog_name: 'over HTTP' })
      const providers = lines.filter((line) => line.includes('simulated as'))
      expect(providers).toContain('  provider  Microsoft CSP, simulated as Microsoft Partner Center')
      expect(providers).toContain('  provider  Pax8, simulated as Pax8')
      expect(providers).toContain('  provider  Northwind Distribution, simulated as Rest Provider')
      expect(providers).toContain(
        '  provider  ALSO Cloud Marketplace (served), simulated as ALSO behind a Rest Provider',
      )
    } finally {
      process_.kill('SIGINT')
    }
    const [code] = await once(process_, 'exit')
    expect(code).toBe(0)
  })
})

async function first(url: string): Promise<Record<string, unknown> | undefined> {
  const { value } = (await (await fetch(url)).json()) as { value: Record<string, unknown>[] }
  return value[0]
}
