import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type Connector,
  createAlso,
  createCloudBlue,
  createPax8,
  createRestProvider,
  printConnector,
} from '../../src/connectors/index.ts'

test.each<[string, Connector]>([
  ['also', createAlso()],
  ['cloudblue', createCloudBlue()],
  ['pax8', createPax8()],
  ['rest-provider', createRestProvider()],
])('the page of %s has the tables of its declaration as it is', (name, connector) => {
  const page = readFileSync(new URL(`../../docs/connectors/${name}.md`, import.meta.url), 'utf8')
  const [, between] = /<!-- declared -->\n([\s\S]*)<!-- \/declared -->/.exec(page) ?? []

  expect(between?.trim()).toBe(printConnector(connector).replace(connector.title, 'What it declares').trim())
})
