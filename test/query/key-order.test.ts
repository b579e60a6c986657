import fc from 'fast-check'
import { expect, test } from 'vitest'
import { column, defineTable } from '../../src/entities/index.ts'
import { select } from '../../src/query/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'

const Item = defineTable({
  logicalName: 'new_item',
  displayName: 'Item',
  primaryName: 'new_name',
  columns: { new_name: column.text({ label: 'Name' }), new_number: column.integer({ label: 'Number' }) },
})

/** Ids that come in any order. */
const idOf = (n: number) => `${((n * 7919) % 1000).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`

const key = fc.nat(30)
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('create' as const), key, isInOrder: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fork' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
)

/** All rows as pages of the table's own order give them. */
async function paged(dataverse: Emulator, size: number, least: number): Promise<string[]> {
  const query = select(Item, ['new_itemid']).where('new_number', 'ge', least)
  const found: string[] = []
  let cookie: string | undefined
  do {
    const { rows, pagingCookie } = await dataverse.retrieveMultiple(query.paged(size, cookie))
    found.push(...rows.map((row) => row.new_itemid))
    cookie = pagingCookie
  } while (cookie !== undefined)
  return found
}

test('pages and first rows come in the order of ids, each row once, whatever was created, deleted and made again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), async (actions, size) => {
      let dataverse = createEmulator({ tables: [Item] })
      const rows = new Map<string, number>()
      const check = async () => {
        for (const least of [0, 15]) {
          const expected = [...rows].filter(([, number]) => number >= least).map(([id]) => id)
          expect(await paged(dataverse, size, least)).toEqual(expected.sort())
        }
        const { rows: first } = await dataverse.retrieveMultiple(select(Item, ['new_itemid']).first(size))
        expect(first.map((row) => row.new_itemid)).toEqual([...rows.keys()].sort().slice(0, size))
      }
      for (const action of actions) {
        if (action.kind === 'fork') dataverse = dataverse.fork()
        if (action.kind === 'look') await check()
        if (action.kind === 'create') {
          const id = action.isInOrder ? undefined : idOf(action.key)
          if (id && rows.has(id)) continue
          const created = await dataverse.create(Item, { ...(id ? { new_itemid: id } : {}), new_number: action.key })
          rows.set(created, action.key)
        }
        const known = [...rows.keys()]
        const target = 'key' in action ? known[action.key % Math.max(1, known.length)] : undefined
        if (action.kind === 'delete' && target) {
          await dataverse.delete(Item, target)
          rows.delete(target)
        }
        if (action.kind === 'change' && target) await dataverse.update(Item, target, { new_name: 'changed' })
      }
      await check()
    }),
    { numRuns: 150 },
  )
})

test('a page of a long table continues behind the last one, and rows far from its beginning are found as well', async () => {
  const dataverse = createEmulator({ tables: [Item] })
  await dataverse.seed(
    Item,
    Array.from({ length: 3000 }, (_, n) => ({ new_number: n })),
  )
  const first = await dataverse.retrieveMultiple(select(Item, ['new_number']).paged(2))
  const second = await dataverse.retrieveMultiple(select(Item, ['new_number']).paged(2, first.pagingCookie))
  const far = await dataverse.retrieveMultiple(select(Item, ['new_number']).where('new_number', 'ge', 2990).first(3))

  expect(first.rows.map((row) => row.new_number)).toEqual([0, 1])
  expect(second.rows.map((row) => row.new_number)).toEqual([2, 3])
  expect(far.rows.map((row) => row.new_number)).toEqual([2990, 2991, 2992])
})
