import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blocksOf, fileOf, linksIn } from './documents/blocks.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = ['README.md', 'docs/getting-started.md', 'docs/interworks.md', 'docs/client.md']
/** Beside the repository rather than in it, so that its own test run does not find the extracted tests. */
const workshop = mkdtempSync(join(tmpdir(), 'work365-sdk-documents-'))

/** The TypeScript blocks of a document. */
const typeScriptIn = (document: string) =>
  blocksOf(readFileSync(join(root, document), 'utf8')).filter(({ language }) => language === 'ts')

const folderOf = (document: string) => join(workshop, basename(document, '.md'))

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}
let report: Report
let printed = ''

beforeAll(() => {
  symlinkSync(join(root, 'node_modules'), join(workshop, 'node_modules'))
  for (const document of documents) {
    mkdirSync(folderOf(document))
    for (const block of typeScriptIn(document)) writeFileSync(join(folderOf(document), fileOf(block)), block.code)
  }
  // The README shows a connector without its test, so that one stands here.
  copyFileSync(join(root, 'test/documents/contoso.ts'), join(folderOf('README.md'), 'contoso.test.ts'))
  const alias = [
    { find: '^work365-sdk$', replacement: join(root, 'src/index.ts') },
    { find: '^work365-sdk/(.+)$', replacement: join(root, 'src/$1/index.ts') },
  ].map(
    ({ find, replacement }) =>
      `{ find: new RegExp(${JSON.stringify(find)}), replacement: ${JSON.stringify(replacement)} }`,
  )
  writeFileSync(join(workshop, 'vitest.config.mjs'), `export default { resolve: { alias: [${alias}] } }`)
  writeFileSync(
    join(workshop, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        typeRoots: [join(root, 'node_modules/@types')],
        paths: { 'work365-sdk': [join(root, 'src/index.ts')], 'work365-sdk/*': [join(root, 'src/*/index.ts')] },
      },
      include: ['.'],
    }),
  )
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [vitest, 'run', '--root', workshop, '--reporter=default', '--reporter=json', '--outputFile=report.json'],
    { encoding: 'utf8', env: { ...process.env, VITEST: undefined, NO_COLOR: '1' } },
  )
  printed = `${stdout}${stderr}`
  report = JSON.parse(readFileSync(join(workshop, 'report.json'), 'utf8'))
}, 120_000)

afterAll(() => rmSync(workshop, { recursive: true, force: true }))

describe.each(documents)('the code in %s', (document) => {
  test('does what its tests say', () => {
    const results = report.testResults.filter(({ name }) => basename(dirname(name)) === basename(document, '.md'))
    const tests = readdirSync(folderOf(document)).filter((file) => file.endsWith('.test.ts'))
    const code = tests.map((file) => readFileSync(join(folderOf(document), file), 'utf8')).join('\n')
    const titles = [...code.matchAll(/^test\('([^']+)'/gm)].map(([, title]) => title)
    expect(titles.length).toBeGreaterThan(0)
    const ran = results.flatMap(({ assertionResults }) => assertionResults.map(({ title, status }) => [title, status]))
    expect(ran.sort(), printed).toEqual(titles.map((title) => [title, 'passed']).sort())
  })

  test('leads to files that are there', () => {
    const text = readFileSync(join(root, document), 'utf8')
    const isThere = (link: string) => existsSync(join(root, dirname(document), link))
    expect(linksIn(text).filter((link) => !isThere(link))).toEqual([])
  })
})

test('the code in the documents compiles', { timeout: 120_000 }, () => {
  const compile = () =>
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--project', workshop], {
      encoding: 'utf8',
    })
  let errors = ''
  try {
    compile()
  } catch (error) {
    errors = (error as { stdout: string }).stdout
  }
  expect(errors).toBe('')
})

test('the README lists every sub-path of the package, and no other', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>
  }
  const listed = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| `(work365-sdk[^`]*)` *\|/gm)].map(
    ([, path]) => path,
  )
  const exported = Object.keys(exports).filter((path) => path !== './package.json')
  expect(listed.sort()).toEqual(exported.map((path) => `work365-sdk${path.slice(1)}`).sort())
})
