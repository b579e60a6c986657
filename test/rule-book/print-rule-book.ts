import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type DocumentedRule, ruleBook, type Setting, settings } from '../../src/rules/index.ts'

const root = join(import.meta.dirname, '../..')

interface SourceFile {
  /** From the root of the project, with slashes. */
  readonly path: string
  readonly text: string
}

function filesIn(folder: string, test: (path: string) => boolean): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(test)
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

const isTest = (path: string) => /\.test(-d)?\.ts$/.test(path)
/** What lists rules, and does not carry them out. */
const lists = [
  'src/rules/rule-book/',
  'src/rules/settings.ts',
  'src/plugins/define-step.ts',
  'src/rules/define-rule.ts',
  'src/cli/',
]

const sources = filesIn('src', (path) => !isTest(path) && !lists.some((list) => path.startsWith(list)))
const tests = [...filesIn('test', isTest), ...filesIn('src', isTest)]

/** Where the rule is carried out: the files whose code or comments name it. */
export function homesOf(id: string): readonly string[] {
  const named = new RegExp(`\\b${id}\\b`)
  return sources.filter(({ text }) => named.test(text)).map(({ path }) => path)
}

/** The tests that carry the rule's title. */
export function testsOf(id: string): readonly string[] {
  return tests.filter(({ text }) => text.includes(`rule('${id}')`)).map(({ path }) => path)
}

/** The rule book as a page: every documented behaviour, where it lives, and the test that proves it. */
export function printRuleBook(): string {
  const count = ruleBook.reduce((sum, { rules }) => sum + rules.length, 0)
  return `${[
    '# The rule book',
    '',
    'Made by `npm run rules` from the rules, steps and tests; do not edit. A test keeps it true.',
    '',
    `${count} behaviours. *Documented*: the source says it. *Inferred*: it follows from what the source says. *Open*: the source is`,
    'silent and this package chose; where there is a setting, the environment can choose otherwise.',
    '',
    ...ruleBook.flatMap(({ title, rules }) => [
      `## ${title}`,
      '',
      ...rules.flatMap((rule: DocumentedRule) => printRule(rule)),
    ]),
    ...printSettings(),
  ].join('\n')}\n`
}

function printRule({ id, title, when, then, source, basis, settings: names = [] }: DocumentedRule): string[] {
  return [
    `### ${id}: ${title}`,
    '',
    `- **When** ${when}`,
    `- **Then** ${then}`,
    ...(names.length === 0 ? [] : [`- **Settings** ${names.map((name) => `\`${settings[name].key}\``).join(', ')}`]),
    `- **Source** ${source === 'ours' ? 'ours' : `<${source}>`}, ${basis}`,
    `- **Lives in** ${links(homesOf(id))}`,
    `- **Proven by** ${links(testsOf(id))}`,
    '',
  ]
}

function links(paths: readonly string[]): string {
  return paths.map((path) => `[${path.replace(/^(src|test)\//, '')}](../${path})`).join(', ')
}

function printSettings(): string[] {
  const all = Object.values<Setting>(settings)
  const rows = (some: readonly Setting[]) =>
    some.map(
      (setting) =>
        `| \`${setting.key}\` | ${setting.title} | ${typeOf(setting)} | ${defaultOf(setting)} | ${setting.contract ? `\`${setting.contract.column}\`` : ''} | ${setting.description} |`,
    )
  const head = [
    '| key | title | value | default | contract column | what it does |',
    '| --- | --- | --- | --- | --- | --- |',
  ]
  return [
    '## Settings',
    '',
    'Rows of `work365_configuration`: the key as the name, the value as text. A billing contract goes before them where a column is named.',
    'A switch is on while its value is exactly `true`.',
    '',
    '### Documented by a source, one by its key, the others by their label',
    '',
    ...head,
    ...rows(all.filter(({ source }) => source !== 'ours')),
    '',
    '### Ours: what the sources leave open, with the recommended default',
    '',
    ...head,
    ...rows(all.filter(({ source }) => source === 'ours')),
  ]
}

function typeOf({ type, options }: Setting): string {
  return type === 'choice' ? options!.map((option) => `\`${option}\``).join(' or ') : type
}

function defaultOf({ default: value, type }: Setting): string {
  if (type === 'switch') return value === true ? 'on' : 'off'
  if (value === null || typeof value === 'object') return ''
  return `\`${String(value)}\``
}
