import { printTable } from '../internal/markdown.ts'
import { changeKinds } from './change.ts'
import { type Connector, optionalAbilities } from './connector.ts'
import { publishedCapabilities, publishedProviders } from './published-capabilities.ts'

/** What Work 365 publishes of its own providers, as a table in Markdown with its notes below. */
export function printPublishedProviders(): string {
  const rows = publishedCapabilities.map(({ name, title, here }) => [
    title,
    ...publishedProviders.map(({ supports, notes }) => supports[name] + (notes?.[name] ? ` (${notes[name]})` : '')),
    here.length === 0 ? '–' : codes(here),
  ])
  const head = ['', ...publishedProviders.map(({ title }) => title), 'in this contract']
  const notes = publishedProviders.flatMap(({ title, notes }) => (notes?.also ? [`- ${title}: ${notes.also}.`] : []))
  return [printTable([head, ...rows]), ...notes].join('\n\n')
}

/** What connectors declare, changes first and then abilities, as a table in Markdown with a column for each. */
export function printConnectors(connectors: readonly Connector[]): string {
  const row = (what: string, word: string, has: (connector: Connector) => boolean) => [
    `${what} \`${word}\``,
    ...connectors.map((connector) => (has(connector) ? 'yes' : '–')),
  ]
  return printTable([
    ['', ...connectors.map(({ title }) => title)],
    ...changeKinds.map((kind) => row('change', kind, ({ changes }) => changes.includes(kind))),
    ...optionalAbilities.map((ability) =>
      row('ability', ability, ({ capabilities }) => capabilities.includes(ability)),
    ),
  ])
}

const codes = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ')
