import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type Feature, features, type Proof } from './features/index.ts'

export const root = join(import.meta.dirname, '../..')

/** A test file as it is written. */
interface TestFile {
  readonly path: string
  readonly text: string
}

function testFiles(folder: string): readonly TestFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

const files = [...testFiles('test'), ...testFiles('src')]

/** The files in which a test carries the title of the feature. */
const claims = new Map<string, string[]>()
for (const { path, text } of files) {
  for (const [, id] of text.matchAll(/\bfeature\('([^']+)'\)/g)) {
    const found = claims.get(id!) ?? []
    if (!found.includes(path)) claims.set(id!, [...found, path])
  }
}

/** The tests that prove a feature: those with its title, and those that it names. */
export function proofsOf(id: string, { title, provenBy = [] }: Feature): readonly Proof[] {
  return [...(claims.get(id) ?? []).map((file) => ({ file, test: `${id}: ${title}` })), ...provenBy]
}

/** Whether a test stands in its file, as the first argument of a call. */
export function isWritten({ file, test }: Proof): boolean {
  const text = files.find(({ path }) => path === file)?.text ?? ''
  const escaped = test.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`\\(\\s*(['"\`])${escaped}\\1`).test(text)
}

/** The ids that tests claim and no area lists. */
export function strayClaims(): readonly string[] {
  return [...claims.keys()].filter((id) => !features.has(id))
}

/** The files that prove anything. */
export function provingFiles(): readonly string[] {
  return [...new Set([...features].flatMap(([id, feature]) => proofsOf(id, feature).map(({ file }) => file)))].sort()
}
