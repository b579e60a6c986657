import { expect, test } from 'vitest'
import { parseFetchXml, resultColumns } from '../../src/query/index.ts'
import type { Row } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/index.ts'
import { Customer, Project, tables } from '../emulator/tables.ts'

const definitionOf = (name: string) => tables.find(({ logicalName }) => logicalName === name)!
const entity = (body: string, attributes = '') =>
  parseFetchXml(`<fetch ${attributes}><entity name="new_project">${body}</entity></fetch>`)
const link = (body: string, alias = '') =>
  `<link-entity name="new_customer" from="new_customerid" to="new_customer" link-type="outer" ${alias}>${body}</link-entity>`

test.each([
  [
    'columns of the table and its links',
    entity(
      `<attribute name="new_name" /><attribute name="new_seats" alias="seats" />${link('<attribute name="new_title" />')}`,
    ),
  ],
  ['every column', entity('')],
  ['every column of a link', entity(`<no-attrs />${link('<all-attributes />', 'alias="c"')}`)],
  [
    'results',
    entity(
      `<attribute name="new_seats" aggregate="sum" alias="s" />${link('<attribute name="new_rating" groupby="true" alias="r" />')}`,
      'aggregate="true"',
    ),
  ],
])('names what rows hold: %s', async (_, query) => {
  const dataverse = createEmulator({ tables })
  await dataverse.seed(Project, { new_name: 'Alpha', new_seats: 3 })
  const { rows } = await dataverse.retrieveMultiple<Row>(query)
  expect(
    resultColumns(query, definitionOf)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(rows[0]!).sort())
})

test('tells where each comes from', () => {
  const [name, seats, title] = resultColumns(
    entity(
      `<attribute name="new_name" /><attribute name="new_seats" alias="seats" />${link('<attribute name="new_title" />', 'alias="c"')}`,
    ),
    definitionOf,
  )
  expect(name).toMatchObject({ name: 'new_name', table: Project, column: 'new_name', isAliased: false })
  expect(seats).toMatchObject({ name: 'seats', column: 'new_seats', isAliased: true, definition: { type: 'integer' } })
  expect(title).toMatchObject({ name: 'c.new_title', table: Customer, column: 'new_title', link: 'c' })
})

test('tells what was computed', () => {
  const query = entity(
    '<attribute name="new_seats" aggregate="sum" alias="s" /><attribute name="new_due" groupby="true" dategrouping="month" alias="m" />',
    'aggregate="true"',
  )
  expect(resultColumns(query, definitionOf)).toMatchObject([
    { name: 'm', column: 'new_due', dateGrouping: 'month' },
    { name: 's', column: 'new_seats', aggregate: 'sum' },
  ])
})

test('refuses a column that is not there', () => {
  expect(() => resultColumns(entity('<attribute name="nmae" />'), definitionOf)).toThrow(/nmae/)
})
