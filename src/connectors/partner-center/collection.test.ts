import { expect, test } from 'vitest'
import type { PageRequest } from '../pages.ts'
import type { PartnerCenterApi } from './api.ts'
import { collection } from './collection.ts'

/** Answers these pages one after the other, and remembers how each was asked for. */
async function read(pages: readonly object[], query?: Record<string, string | number>) {
  const asked: PageRequest[] = []
  const page = async (request: PageRequest) => {
    asked.push(request)
    return pages[asked.length - 1]
  }
  const items: number[] = []
  for await (const item of collection<number>({ page } as unknown as PartnerCenterApi, '/v1/things', query))
    items.push(item)
  return { items, asked: asked.slice(1) }
}

test('a link is followed with the headers that it names', async () => {
  const next = { uri: '/things?page=2', method: 'GET', headers: [{ key: 'MS-ContinuationToken', value: 'abc' }] }

  expect(await read([{ items: [1], links: { next } }, { items: [2] }])).toEqual({
    items: [1, 2],
    asked: [{ url: '/v1/things?page=2', headers: { 'ms-continuationtoken': 'abc' } }],
  })
})

test('a token goes into a header, and the query says that it does', async () => {
  expect(
    await read(
      [
        { items: [1], continuationToken: 'abc' },
        { items: [2], continuationToken: '' },
      ],
      { size: 1 },
    ),
  ).toEqual({
    items: [1, 2],
    asked: [
      { url: '/v1/things', query: { size: 1, seekOperation: 'Next' }, headers: { 'ms-continuationtoken': 'abc' } },
    ],
  })
})

test('an offset counts on while pages are full', async () => {
  expect(await read([{ items: [1, 2] }, { items: [3] }], { size: 2, offset: 0 })).toEqual({
    items: [1, 2, 3],
    asked: [{ url: '/v1/things', query: { size: 2, offset: 2 } }],
  })
})

test.each([
  ['to another host', 'https://evil.example/v1/things?page=2', '/v1/things?page=2'],
  ['with the version', '/v1/things?page=2', '/v1/things?page=2'],
  ['without a slash', 'things?page=2', '/v1/things?page=2'],
])('a link %s leads to Partner Center', async (_, uri, url) => {
  const { asked } = await read([{ items: [1], links: { next: { uri } } }, {}])
  expect(asked).toMatchObject([{ url }])
})

test('a collection without items is empty', async () => {
  expect(await read([{ totalCount: 0 }])).toEqual({ items: [], asked: [] })
})
