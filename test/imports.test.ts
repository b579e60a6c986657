import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/**
 * The folders of `src`, the highest row first. A folder imports lower rows only; folders in one row do not meet.
 *
 *     cli                                                     prints, exits
 *     testing   webapi   host   jobs   portal   registration   things that run
 *     plugins                                                 steps
 *     rules       connectors     client                       decisions, providers, a real environment
 *     query                                                   one tree of conditions
 *     entities                                                typed tables
 *     service                                                 the contract
 *     internal                                                clock, ids, freezing, HTTP
 */
const rows: readonly (readonly string[])[] = [
  ['cli'],
  ['testing', 'webapi', 'host', 'jobs', 'portal', 'registration'],
  ['plugins'],
  ['rules', 'connectors', 'client'],
  ['query'],
  ['entities'],
  ['service'],
  ['internal'],
]
const rowOf = (folder: string) => rows.findIndex((row) => row.includes(folder))

/** What the package's own entry must not load: what prints, and what only tests need. */
const notInEntry = ['cli', 'testing']

interface SourceFile {
  /** Relative to `src`, with slashes. */
  readonly path: string
  readonly text: string
}

const isTest = (path: string) => /\.(test|test-d)\.ts$/.test(path)

/** The specifiers that a module imports or exports from, statically or not; those in comments do not count. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const patterns = [/\bfrom\s*['"]([^'"]+)['"]/g, /\bimport\s*['"]([^'"]+)['"]/g, /\bimport\s*\(\s*['"]([^'"]+)['"]/g]
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier]) => specifier!))
}

/** The imports that go against the drawing, as sentences that name the file, the import and the rule. */
function wrongImports({ path, text }: SourceFile): string[] {
  return importsOf(text)
    .filter((specifier) => specifier.startsWith('.'))
    .flatMap((specifier) => {
      const target = posix.normalize(posix.join(posix.dirname(path), specifier))
      const rule = ruleBroken(path, target)
      return rule === undefined ? [] : [`src/${path} imports '${specifier}': ${rule}`]
    })
}

function ruleBroken(path: string, target: string): string | undefined {
  if (target.startsWith('..')) {
    return isTest(path) ? undefined : 'only a test imports from outside src.'
  }
  const [from, to] = [folderOf(path), folderOf(target)]
  if (isTest(target)) return 'nothing imports a test.'
  if (from === '') return !isTest(path) && notInEntry.includes(to) ? `the entry does not import ${to}.` : undefined
  if (to === '') return isTest(path) ? undefined : 'a folder does not import what stands above all folders.'
  if (from === to) return undefined
  if (rowOf(from) < 0) return `'${from}' is not a folder of the drawing; draw it in test/imports.test.ts.`
  if (rowOf(to) < 0) return `'${to}' is not a folder of the drawing; draw it in test/imports.test.ts.`
  if (isTest(path) && to === 'testing') return undefined
  if (rowOf(to) === rowOf(from)) return `${from} and ${to} stand in one row and do not meet.`
  return rowOf(to) < rowOf(from) ? `imports point down, and ${to} stands above ${from}.` : undefined
}

/** The first part of a path; `''` for a file that stands in `src` itself. */
const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')

const src = fileURLToPath(new URL('../src', import.meta.url))
const files: readonly SourceFile[] = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(src, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))

describe('imports point down', () => {
  const folders = [...new Set(files.map(({ path }) => folderOf(path)))].sort()

  test.each(folders.map((folder) => [folder === '' ? 'src' : `src/${folder}`, folder] as const))(
    'from %s',
    (_, folder) => {
      expect(files.filter(({ path }) => folderOf(path) === folder).flatMap(wrongImports)).toEqual([])
    },
  )

  test('there are imports to check, from folder to folder', () => {
    const crossing = files.flatMap(({ path, text }) =>
      importsOf(text).filter((specifier) => specifier.startsWith('../') && !isTest(path)),
    )
    expect(crossing.length).toBeGreaterThan(10)
  })
})

describe('the check itself', () => {
  const check = (path: string, text: string) => wrongImports({ path, text })

  test('lets an import point down, stay in its folder, or leave the package', () => {
    const text = "import { a } from '../service/index.ts'\nimport { b } from './b.ts'\nimport axios from 'axios'"
    expect(check('plugins/pipeline.ts', text)).toEqual([])
  })

  test('catches an import that points up', () => {
    expect(check('entities/a.ts', "import type { X } from '../plugins/index.ts'")).toEqual([
      "src/entities/a.ts imports '../plugins/index.ts': imports point down, and plugins stands above entities.",
    ])
  })

  test('catches folders of one row that meet', () => {
    expect(check('jobs/a.ts', "export * from '../webapi/index.ts'")).toEqual([
      "src/jobs/a.ts imports '../webapi/index.ts': jobs and webapi stand in one row and do not meet.",
    ])
  })

  test.each([
    ['spread over lines', "import {\n  a,\n  type B,\n} from '../cli/main.ts'"],
    ['of a side effect', "import '../cli/main.ts'"],
    ['made while running', "const { a } = await import('../cli/main.ts')"],
    ['in a type', "type A = import('../cli/main.ts').A"],
    ['handed on', "export { a } from '../cli/main.ts'"],
    ['from deep within', "import { a } from '../../cli/main.ts'", 'testing/emulator/a.ts'],
  ])('catches an import %s', (_, text, path = 'testing/a.ts') => {
    expect(check(path, text)).toHaveLength(1)
  })

  test('does not read comments', () => {
    expect(check('service/a.ts', "/** import { a } from '../cli/main.ts' */\n  // from '../cli/main.ts'")).toEqual([])
  })

  test('catches a folder that is not in the drawing', () => {
    expect(check('utils/a.ts', "import { a } from '../service/index.ts'")).toHaveLength(1)
    expect(check('plugins/a.ts', "import { a } from '../utils/a.ts'")).toHaveLength(1)
  })

  test('lets a test import testing, and nothing else from above', () => {
    const text = (folder: string) => `import { a } from '../${folder}/index.ts'`
    expect(check('plugins/a.test.ts', text('testing'))).toEqual([])
    expect(check('plugins/a.test-d.ts', text('testing'))).toEqual([])
    expect(check('plugins/a.ts', text('testing'))).toHaveLength(1)
    expect(check('plugins/a.test.ts', text('jobs'))).toHaveLength(1)
  })

  test('lets a test import its fixtures, and the code nothing outside src', () => {
    const text = "import fixture from '../../test/fixtures/entities.json'"
    expect(check('entities/a.test.ts', text)).toEqual([])
    expect(check('entities/a.ts', text)).toHaveLength(1)
  })

  test('lets the entry import every folder but cli and testing', () => {
    expect(check('index.ts', "export * from './plugins/index.ts'\nexport * from './jobs/index.ts'")).toEqual([])
    expect(check('index.ts', "export * from './testing/index.ts'")).toHaveLength(1)
    expect(check('index.ts', "import './cli/main.ts'")).toHaveLength(1)
    expect(check('rules/a.ts', "import { a } from '../index.ts'")).toHaveLength(1)
  })
})
