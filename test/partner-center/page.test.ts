import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createPartnerCenter, printConnector } from '../../src/connectors/index.ts'

test('the page has the tables of the declaration as it is', () => {
  const page = readFileSync(new URL('../../docs/connectors/partner-center.md', import.meta.url), 'utf8')
  const [, between] = /<!-- declared -->\n([\s\S]*)<!-- \/declared -->/.exec(page) ?? []

  expect(between?.trim()).toBe(
    printConnector(createPartnerCenter()).replace('Microsoft Partner Center', 'What it declares').trim(),
  )
})
