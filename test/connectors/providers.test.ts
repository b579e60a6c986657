import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtInConnectors, publishedCapabilities, publishedProviders } from '../../src/connectors/index.ts'
import { printConnectors, printPublishedProviders } from '../../src/connectors/print-providers.ts'
import { placeSection } from '../../src/internal/markdown.ts'

const file = join(import.meta.dirname, '../../docs/providers.md')

test('the page of the providers is that of the rows and of the connectors; `npm run connectors` brings it up to date', async () => {
  const page = readFileSync(file, 'utf8')
  const connectors = Object.values(builtInConnectors).map((create) => create())

  const published = placeSection(page, 'published', printPublishedProviders())
  await expect(placeSection(published, 'connectors', printConnectors(connectors))).toMatchFileSnapshot(file)
})

test('each provider of Work 365 has an answer to each row, and nobody can change it', () => {
  const names = publishedCapabilities.map(({ name }) => name)

  for (const { supports } of publishedProviders) expect(Object.keys(supports)).toEqual(names)
  expect(Object.isFrozen(publishedProviders[0]?.supports)).toBe(true)
  expect(Object.isFrozen(publishedCapabilities[0])).toBe(true)
})

test('a connector stands under its own name, and so does the one that a provider of Work 365 names', () => {
  for (const [name, create] of Object.entries(builtInConnectors)) expect(create().name).toBe(name)
  for (const { connector } of publishedProviders) {
    if (connector !== undefined) expect(Object.keys(builtInConnectors)).toContain(connector)
  }
})

test('the table of connectors says of each what it declares', () => {
  const [pax8, manual] = [builtInConnectors.pax8!(), builtInConnectors.manual!()]
  const lines = printConnectors([pax8, manual]).split('\n')
  const row = (word: string) =>
    lines
      .find((line) => line.includes(`\`${word}\``))
      ?.split('|')
      .map((cell) => cell.trim())

  expect(row('pause')).toEqual(['', 'change `pause`', '–', 'yes', ''])
  expect(row('preview')).toEqual(['', 'ability `preview`', 'yes', '–', ''])
})
