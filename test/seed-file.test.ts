import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Account, Product, systemTables, work365Tables } from '../src/entities/index.ts'
import { createEmulator } from '../src/testing/emulator/index.ts'
import { parseSeedFile } from '../src/testing/seed-file.ts'

const tables = [...systemTables, ...work365Tables]

test('the sample environment loads, with tens of accounts and real-looking part numbers', async () => {
  const file = 'samples/environment.jsonc'
  const seed = await parseSeedFile(readFileSync(file, 'utf8'), file, tables)
  const dataverse = createEmulator({ tables, seed })

  expect((await dataverse.list(Account)).length).toBeGreaterThanOrEqual(30)
  const parts = (await dataverse.list(Product)).map((row) => row.work365_product_providerpartnumber)
  expect(parts).toContain('CFQ7TTC0LH31:001B')
})

test('a file with comments has the rows that it has without them', async () => {
  const text = `{
  "account": [{ "accountid": "11111111-1111-4111-8111-111111111111", "name": "Fabrikam", "creditlimit": 5 }],
  "contact": [{ "lastname": "Yu", "parentcustomerid": null }, { "lastname": "Bach", "work365_contact_office365email": "b@fabrikam.example" }],
  "work365_provider": [{ "work365_provider_type": "Manual" }]
}`
  const plain = await parseSeedFile(text, 'seed.json', tables)
  const commented = await parseSeedFile(text.replace('{', '{ // who they are'), 'seed.jsonc', tables)

  expect(plain.rows).toEqual(commented.rows)
  expect(plain.rows.work365_provider).toEqual([{ work365_provider_type: expect.any(Number) }])
})

const mistakes: [string, string, RegExp][] = [
  ['an empty file', ' \n', /^seed\.json:1: the file is empty\. A seed file is an object of tables/],
  [
    'brackets without end in one another',
    `{ "account":\n${'['.repeat(50_000)}`,
    /^seed\.json:2: brackets stand deeper than 100 in one another/,
  ],
  [
    'a table that stands there twice',
    '{ "account": [],\n"account": [] }',
    /^seed\.json:2: table 'account' stands here twice/,
  ],
  ['text that is not JSON', '{\n  "account": [\n    {"name": }\n  ]\n}', /^seed\.json:3: this is not JSON/],
  ['a list instead of tables', '[]', /^seed\.json:1: a seed file is an object of tables/],
  ['an unknown table', '{\n  "accounts": []\n}', /^seed\.json:2: there is no table 'accounts'/],
  ['a table that is no list', '{ "account": {} }', /^seed\.json:1: the rows of 'account' are a list/],
  ['a row that is no object', '{ "account": [\n5] }', /^seed\.json:2: a row of 'account' is an object/],
  ['an unknown column', '{ "account": [\n\n{ "colour": 1 }] }', /^seed\.json:3: 'account' has no column 'colour'/],
  [
    'an unknown label',
    '{ "work365_provider": [{ "work365_provider_type": "Magic" }] }',
    /'Magic' is not one of Automatic, Manual/,
  ],
  ['a wrong type', '{ "account": [\n{ "name": 5 }] }', /^seed\.json:2: row 1 of 'account': .*name/],
  [
    'a row that is not there',
    '{ "account": [{ "name": "x", "primarycontactid": "11111111-1111-4111-8111-111111111111" }] }',
    /row 1 of 'account': Entity 'contact' With Id/,
  ],
  [
    'a bare id that could mean several tables',
    '{ "opportunity": [{ "customerid": "11111111-1111-4111-8111-111111111111" }] }',
    /say which table it refers to/,
  ],
]
test.each(mistakes)('%s is refused with its line and the reason', async (_title, text, message) => {
  const load = async () => createEmulator({ tables, seed: await parseSeedFile(text, 'seed.json', tables) })
  await expect(load()).rejects.toThrow(message)
})
