import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { fileState } from '../src/cli/connector/file-state.ts'
import { createRestProviderSimulator } from '../src/testing/index.ts'
import { work365 } from './run-work365.ts'
import { work365 as start } from './server/running-process.ts'

const SECRET = 'the secret of the provider'
const simulator = createRestProviderSimulator({
  apiKey: SECRET,
  seed: { customers: [{ id: 'contoso', name: 'Contoso' }] },
})
let provider: Awaited<ReturnType<typeof simulator.listen>>
let folder: string
beforeAll(async () => {
  provider = await simulator.listen()
  folder = await mkdtemp(join(tmpdir(), 'work365-'))
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await provider.close()
  await rm(folder, { recursive: true })
})

/** A module that exports connectors, without importing this package: it might have a copy of its own. */
async function writeModule(name: string, code: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, code)
  return file
}

const connectorCode = (title: string) => `({
  name: 'a-connector', title: '${title}', version: '1.2.3', contract: 1, settings: {}, credentials: {}, changes: ['setQuantity'],
  capabilities: [], jsonSchema: () => ({ settings: {}, credentials: {} }),
  verifyConnectivity: async () => ({ ok: true, account: '${title} Limited' }), apply: async () => ({ status: 'notApplicable', reason: '' }),
})`

async function writeConnection(apiKey: string): Promise<string> {
  const file = join(folder, `${apiKey.length}.json`)
  const settings = { endpointUrl: provider.url, countryCode: 'US', currencyCode: 'USD' }
  await writeFile(file, JSON.stringify({ settings, credentials: { apiKey } }))
  return file
}

test('a connector of this package is described, with the variables that its fields are read from', async () => {
  const { code, output } = await work365('connector', 'describe', 'rest-provider')

  expect(code).toBe(0)
  expect(output).toContain('`endpointUrl`')
  expect(output).toContain('CONNECTOR_ENDPOINT_URL, CONNECTOR_COUNTRY_CODE, CONNECTOR_CURRENCY_CODE, CONNECTOR_API_KEY')
})

test('the connectors of this package are listed, as a table and as data with what Work 365 publishes', async () => {
  const { code, output } = await work365('connector', 'list')
  expect(code).toBe(0)
  expect(output).toMatch(/\| +\| ALSO Cloud Marketplace .*\n.*\n\| change `create` +\| yes/)

  const data = JSON.parse((await work365('connector', 'list', '--json')).output)
  expect(data.connectors).toContainEqual(
    expect.objectContaining({ name: 'pax8', changes: expect.arrayContaining(['cancel']) }),
  )
  expect(data.published.providers).toContainEqual(
    expect.objectContaining({ title: 'Ingram', supports: expect.objectContaining({ azurePlan: 'no' }) }),
  )
})

test('it is described as data, with the JSON Schema of what it needs', async () => {
  const { output } = await work365('connector', 'describe', 'rest-provider', '--json')

  expect(JSON.parse(output)).toMatchObject({
    name: 'rest-provider',
    contract: 1,
    settings: { required: expect.arrayContaining(['endpointUrl']) },
    credentials: { properties: { apiKey: { writeOnly: true } } },
  })
})

test('a module of the user is loaded: its default export, or its only connector, or the one that is named', async () => {
  const byDefault = await writeModule(
    'default.mjs',
    `export const other = 1; export default ${connectorCode('Fabrikam')}`,
  )
  const only = await writeModule(
    'only.mjs',
    `export const value = 1; export const contoso = ${connectorCode('Contoso')}`,
  )
  const two = await writeModule(
    'two.mjs',
    `export const a = ${connectorCode('A')}; export const b = ${connectorCode('B')}`,
  )

  expect((await work365('connector', 'check', byDefault)).output).toBe('Fabrikam is open for Fabrikam Limited.')
  expect((await work365('connector', 'check', only)).output).toBe('Contoso is open for Contoso Limited.')
  expect((await work365('connector', 'check', two, '--export', 'b')).output).toBe('B is open for B Limited.')
  expect(await work365('connector', 'check', two)).toMatchObject({
    code: 1,
    errors: expect.stringContaining('choose with --export one of a, b'),
  })
})

test('what is no connector is refused with what there is instead', async () => {
  const file = await writeModule('nothing.mjs', 'export const value = 1')

  expect((await work365('connector', 'describe', file)).errors).toContain('exports no connector')
  expect((await work365('connector', 'describe', 'pax9')).errors).toContain('rest-provider')
})

test('a connection that opens its provider is checked with 0', async () => {
  const { code, output } = await work365(
    'connector',
    'check',
    'rest-provider',
    '--connection',
    await writeConnection(SECRET),
  )

  expect(output).toContain('Rest Provider is open')
  expect(code).toBe(0)
})

test('a wrong secret is found out, and shown nowhere', async () => {
  const wrong = 'a wrong secret'
  const { code, output, errors } = await work365(
    'connector',
    'check',
    'rest-provider',
    '--connection',
    await writeConnection(wrong),
  )

  expect(code).toBe(1)
  expect(output).toContain('✗')
  expect(output).toContain('is not open')
  expect(output + errors).not.toContain(wrong)
})

test('a variable wins over the file', async () => {
  vi.stubEnv('CONNECTOR_API_KEY', SECRET)

  expect(
    (await work365('connector', 'check', 'rest-provider', '--connection', await writeConnection('another one'))).code,
  ).toBe(0)
})

test('a setting that is missing is named, and a file that is no JSON is not quoted', async () => {
  const file = join(folder, 'broken.json')
  await writeFile(file, `{ "credentials": { "apiKey": "${SECRET}" `)

  expect((await work365('connector', 'check', 'rest-provider')).errors).toContain('endpointUrl')
  const { code, errors } = await work365('connector', 'check', 'rest-provider', '--connection', file)
  expect(code).toBe(1)
  expect(errors).toContain('broken.json')
  expect(errors).not.toContain(SECRET)
})

test('a connector is served to Work 365, with the secret from the environment, until it is stopped', async () => {
  const connection = await writeConnection(SECRET)
  const env = { ...process.env, REST_PROVIDER_API_KEY: 'the secret of Work 365' }
  const served = start(['connector', 'serve', 'rest-provider', '--port', '0', '--connection', connection], env)
  const [, url] = await served.line(/listening on (\S+)/)

  const ask = (key: string) => fetch(`${url}/customers`, { headers: { 'work-365-rest-provider-api-key': key } })
  const answer = await ask('the secret of Work 365')
  expect(await answer.json()).toMatchObject([{ id: 'contoso', name: 'Contoso' }])
  expect((await ask('another one')).status).toBe(403)

  served.child.kill('SIGTERM')
  expect(await served.ended).toBe(0)
})

test('without that secret nothing is served', async () => {
  vi.stubEnv('REST_PROVIDER_API_KEY', '')

  expect((await work365('connector', 'serve', 'manual')).errors).toContain('REST_PROVIDER_API_KEY')
})

test('a connector is served to interworks.cloud, by the id and the key of its registration', async () => {
  const env = { ...process.env, SERVICE_MANAGEMENT_APPLICATION_ID: 'app', SERVICE_MANAGEMENT_API_KEY: 'the key' }
  const served = start(['connector', 'serve', 'rest-provider', '--as', 'service-management', '--port', '0'], env)
  const [, url] = await served.line(/document\s+(\S+)\/registration.json/)

  const ask = (key: string) =>
    fetch(`${url}/Fields/Get`, {
      headers: { 'X-CloudPlatform-ApplicationId': 'app', 'X-CloudPlatform-APIKey': key },
    })
  const { Fields } = (await (await ask('the key')).json()) as { Fields: { ID: string }[] }
  expect(Fields.map(({ ID }) => ID)).toContain('endpointUrl')
  expect((await ask('another one')).status).toBe(401)

  served.child.kill('SIGTERM')
  expect(await served.ended).toBe(0)
})

test('without the key of the registration nothing is served, nor as something else', async () => {
  vi.stubEnv('SERVICE_MANAGEMENT_APPLICATION_ID', 'app')
  vi.stubEnv('SERVICE_MANAGEMENT_API_KEY', '')
  const serve = (as: string) => work365('connector', 'serve', 'manual', '--as', as)

  expect((await serve('service-management')).errors).toContain('SERVICE_MANAGEMENT_API_KEY')
  expect((await serve('soap')).errors).toContain('rest-provider, service-management')
})

describe('a new connector', () => {
  const root = join(import.meta.dirname, '..')
  const run = (folder: string, tool: string, ...parameters: string[]) =>
    promisify(execFile)(process.execPath, [join(root, 'node_modules', tool), ...parameters], { cwd: folder })

  test('is a package whose tests pass and whose types are right as it is, and which can be served', async () => {
    const made = join(folder, 'fabrikam-cloud')
    expect((await work365('connector', 'new', 'fabrikam-cloud', '--folder', made)).output).toContain('npm install')
    // Stands for `npm install`.
    await mkdir(join(made, 'node_modules'))
    await symlink(root, join(made, 'node_modules', 'work365-sdk'))
    for (const name of ['vitest', 'vite', '@types']) {
      await symlink(join(root, 'node_modules', name), join(made, 'node_modules', name))
    }

    const tests = start(['connector', 'test', made])
    await tests.line(/\d+ passed/)
    expect(await tests.ended).toBe(0)
    await run(made, 'typescript/bin/tsc', '--noEmit')
    await run(made, 'typescript/bin/tsc', '--project', 'tsconfig.build.json')
    const { output } = await work365('connector', 'describe', join(made, 'dist', 'index.js'), '--json')
    expect(JSON.parse(output)).toMatchObject({ name: 'fabrikam-cloud', title: 'Fabrikam Cloud' })
    expect(await flawsOfDockerfile(made)).toEqual([])
    for (const file of ['.gitignore', '.dockerignore', 'Dockerfile', 'package.json', 'README.md']) {
      expect(await readFile(join(made, file), 'utf8'), file).not.toMatch(/contoso|SDK_VERSION/i)
    }
  }, 60_000)

  test('is written into a folder that is named relative to this one', async () => {
    const made = relative(process.cwd(), join(folder, 'relative'))
    const { code, output } = await work365('connector', 'new', 'contoso', '--folder', `./${made}`)

    expect(code).toBe(0)
    expect(output).toContain(`${made}/package.json`)
    expect(JSON.parse(await readFile(join(folder, 'relative', 'package.json'), 'utf8'))).toMatchObject({
      name: 'contoso-connector',
    })
  })

  test('is tested where vitest is installed only', async () => {
    expect(await work365('connector', 'test', folder)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('npm install'),
    })
  })

  test('is written nowhere where something is, and under no name that is none', async () => {
    const full = join(folder, 'full')
    await mkdir(full)
    await writeFile(join(full, 'README.md'), 'mine')

    expect((await work365('connector', 'new', 'contoso', '--folder', full)).errors).toContain('something in it')
    expect(await readFile(join(full, 'README.md'), 'utf8')).toBe('mine')
    expect((await work365('connector', 'new', '../contoso')).errors).toContain('no name of a connector')
  })
})

test('the state of a connection is kept in a file of its owner, and is written by compare-and-set', async () => {
  const file = join(folder, 'state.json')
  const state = fileState(file)

  expect(await state.get()).toBeNull()
  // Both expect what only the first one finds.
  expect(await Promise.all([state.set({ token: 1 }, null), state.set({ token: 2 }, null)])).toEqual([true, false])
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ token: 1 })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await fileState(file).get()).toEqual({ token: 1 })
})

/** What of a package's Dockerfile could not be built: there is no Docker where this is tested. */
async function flawsOfDockerfile(made: string): Promise<string[]> {
  const lines = (await readFile(join(made, 'Dockerfile'), 'utf8')).split('\n').map((line) => line.trim())
  const { scripts, engines } = JSON.parse(await readFile(join(made, 'package.json'), 'utf8'))
  const ignored = (await readFile(join(made, '.dockerignore'), 'utf8')).split('\n').filter(Boolean)
  const present = await readdir(made)
  const oldest = Number(/^>=(\d+)/.exec(engines.node)?.[1])
  const stages: string[] = []
  return lines.flatMap((line) => {
    const [instruction, ...words] = line.split(/\s+/)
    const flaw = (isWrong: unknown) => (isWrong ? [line] : [])
    switch (instruction) {
      case 'FROM': {
        if (words[1] === 'AS') stages.push(words[2]!)
        const major = Number(/^node:(\d+)-slim$/.exec(words[0]!)?.[1])
        return flaw(!(major >= oldest))
      }
      case 'COPY': {
        const stage = /^--from=(.+)$/.exec(words[0]!)?.[1]
        // What the first stage makes is there when it has run: the test has built the package as that does.
        if (stage) return flaw(!stages.includes(stage) || !present.includes(words[1]!.replace('/app/', '')))
        const sources = words.slice(0, -1).map((source) => source.replace(/\*.*/, ''))
        return flaw(
          sources.some(
            (one) => ignored.includes(one) || !(one === '.' || present.some((name) => name.startsWith(one))),
          ),
        )
      }
      case 'RUN':
        return flaw([...line.matchAll(/npm run (\S+)/g)].some(([, script]) => !scripts[script!]))
      case 'CMD':
        return flaw(!JSON.parse(words.join(' ')).includes('dist/index.js'))
      case 'WORKDIR':
      case 'ENV':
      case 'USER':
      case 'EXPOSE':
      case '#':
      case '':
        return []
      default:
        return [line]
    }
  })
}
