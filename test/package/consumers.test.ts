import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const workshop = mkdtempSync(join(tmpdir(), 'work365-sdk-consumers-'))

/** The package as users get it: packed, then installed into an empty project. */
beforeAll(() => {
  const packing = [join(root, 'scripts/pack.mjs'), workshop]
  const tarball = execFileSync(process.execPath, packing, { encoding: 'utf8' }).trim().split('\n').at(-1)!
  writeFileSync(join(workshop, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  execFileSync('npm', ['install', ...quiet, tarball], { cwd: workshop, encoding: 'utf8', stdio: 'pipe' })
}, 240_000)

afterAll(() => rmSync(workshop, { recursive: true, force: true }))

function write(file: string, text: string): string {
  const path = join(workshop, file)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}

function run(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { cwd: workshop, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}`.trim() }
}

/** What every consumer does after its imports: a step that an emulator runs. */
const body = `
const Project = defineTable({
  logicalName: 'new_project',
  displayName: 'Project',
  primaryName: 'new_name',
  columns: { new_name: column.text({ label: 'Name' }), new_size: column.integer({ label: 'Size' }) },
})
const measure = defineStep({
  name: 'measure',
  table: Project,
  message: 'Create',
  stage: 'preOperation',
  changes: ['new_size'],
  behindWebhook: 'refuse',
  run({ target }) {
    if (!target.new_name) throw new InvalidPluginExecution('A project needs a name.')
    target.new_size = target.new_name.length
  },
})
const dataverse = createEmulator({ tables: [Project], steps: [measure] })
`
const play = `
async function play() {
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  const { rows } = await dataverse.retrieveMultiple(select(Project, ['new_size']).where('new_size', 'eq', 6))
  const refused = await dataverse.create(Project, {}).catch((error) => error)
  // Nobody listens there: it goes through the query strings and the HTTP library, and comes back.
  const client = createDataverseClient({ url: 'http://127.0.0.1:1', tables: [Project], retry: { attempts: 1 } })
  const lost = await client.retrieveMultiple(select(Project, ['new_size'])).catch((error) => error.name)
  const types = [provisioningRules, manual, syncLicenseChangeLog, Account].map((value) => typeof value).join()
  return [id.length, rows.length, rows[0]?.new_size, DataverseError.isInstance(refused), lost, types].join(' ')
}
`
const answer = '36 1 6 true NoAnswer object,object,function,object'

/** Names by the sub-path that they are imported from. */
const imports: Readonly<Record<string, string>> = {
  '': 'column, defineStep, defineTable',
  '/service': 'DataverseError, InvalidPluginExecution',
  '/entities': 'Account',
  '/query': 'select',
  '/rules': 'provisioningRules',
  '/connectors': 'manual',
  '/client': 'createDataverseClient',
  '/jobs': 'syncLicenseChangeLog',
  '/testing': 'createEmulator',
}
const header = (print: (names: string, path: string) => string) =>
  Object.entries(imports)
    .map(([path, names]) => print(names, `work365-sdk${path}`))
    .join('\n')
const imported = header((names, path) => `import { ${names} } from '${path}'`)

test('an ES module imports every sub-path and runs a step', () => {
  const file = write('consumer.mjs', `${imported}\n${body}${play}\nconsole.log(await play())`)
  expect(run(file)).toEqual({ status: 0, output: answer })
})

test('a CommonJS module requires every sub-path and runs a step', () => {
  const required = header((names, path) => `const { ${names} } = require('${path}')`)
  const file = write('consumer.cjs', `${required}\n${body}${play}\nplay().then(console.log)`)
  expect(run(file)).toEqual({ status: 0, output: answer })
})

test('an error of the CommonJS copy is recognised by the ES module copy, and the other way round', () => {
  const file = write(
    'copies.mjs',
    `import { createRequire } from 'node:module'
     import * as ours from 'work365-sdk'
     const theirs = createRequire(import.meta.url)('work365-sdk')
     const pairs = [[ours, theirs], [theirs, ours]]
     for (const [one, other] of pairs) {
       const dataverse = new one.InvalidPluginExecution('no')
       const provider = new one.ProviderError('invalid', 'no')
       console.log(
         one.DataverseError === other.DataverseError,
         other.DataverseError.isInstance(dataverse), other.DataverseError.isInstance(provider),
         other.ProviderError.isInstance(provider), other.ProviderError.isInstance(dataverse),
       )
     }`,
  )
  expect(run(file).output.split('\n')).toEqual(['false true false true false', 'false true false true false'])
})

test('sub-paths of one format share their classes', () => {
  const file = write(
    'shared.mjs',
    `import { DataverseError } from 'work365-sdk'
     import { DataverseError as same } from 'work365-sdk/service'
     import { createEmulator } from 'work365-sdk/testing'
     const refused = await createEmulator().retrieve('nothing', 'here').catch((error) => error)
     console.log(DataverseError === same, refused instanceof DataverseError, refused.name)`,
  )
  expect(run(file).output).toBe('true true QueryBuilderNoEntity')
})

test.each([
  ['NodeNext', 'NodeNext', ['consumer.mts', 'consumer.cts', 'wrong.mts']],
  ['ESNext', 'Bundler', ['consumer.ts', 'wrong.ts']],
] as const)(
  'TypeScript with module %s and resolution %s checks consumers, library types included',
  (module, resolution, files) => {
    const typed = `${imported}\n${body}${play.replace('(error) =>', '(error: unknown) =>')}\nplay()\n`
    for (const file of files) {
      // Types that are all `any` would let the mistake pass.
      const mistake = file.startsWith('wrong') ? "dataverse.create(Project, { new_size: 'six' })\n" : ''
      write(join(resolution, file), `${typed}${mistake}export {}\n`)
    }
    const compilerOptions = {
      module,
      moduleResolution: resolution,
      target: 'ES2022',
      lib: ['ES2023'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    }
    write(join(resolution, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))

    const { output } = run(join(root, 'node_modules/typescript/bin/tsc'), '--project', join(workshop, resolution))

    const errors = output.split('\n').filter((line) => line.includes('error TS'))
    expect(errors, output).toEqual([
      expect.stringMatching(/wrong\.m?ts.*TS2322: Type 'string' is not assignable to type 'number'/),
    ])
  },
  120_000,
)
