import { expect, test } from 'vitest'
import { type PageRequest, pages } from './index.ts'

interface Page {
  readonly items: readonly number[]
  readonly token?: string | undefined
}

/** A provider with these pages; each names the token of the next. */
function providerOf(contents: readonly Page[]) {
  const asked: PageRequest[] = []
  return {
    asked,
    list: () =>
      pages<Page, number>({
        first: { url: '/customers' },
        async get(request) {
          asked.push(request)
          return contents[Number(request.query?.token ?? 0)]!
        },
        items: ({ items }) => items,
        next: ({ token }, request) => (token === undefined ? undefined : { ...request, query: { token } }),
      }),
  }
}

async function collect(list: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = []
  for await (const item of list) all.push(item)
  return all
}

test.each<[string, readonly Page[], readonly number[]]>([
  ['no items', [{ items: [] }], []],
  ['exactly one page', [{ items: [1, 2] }], [1, 2]],
  ['many pages', [{ items: [1], token: '1' }, { items: [2], token: '2' }, { items: [3] }], [1, 2, 3]],
  ['an empty page between others', [{ items: [1], token: '1' }, { items: [], token: '2' }, { items: [3] }], [1, 3]],
])('of %s, all items come in order', async (_, contents, expected) => {
  const provider = providerOf(contents)
  expect(await collect(provider.list())).toEqual(expected)
  expect(provider.asked).toHaveLength(contents.length)
})

test.each([
  [
    'the same page',
    [
      { items: [1], token: '1' },
      { items: [2], token: '1' },
    ],
    2,
  ],
  [
    'a page before it',
    [{ items: [1] }, { items: [2], token: '2' }, { items: [3], token: '1' }].with(0, { items: [1], token: '1' }),
    3,
  ],
])('a token that leads back to %s stops the list', async (_, contents, requests) => {
  const provider = providerOf(contents)
  await expect(collect(provider.list())).rejects.toMatchObject({
    code: 'transient',
    message: expect.stringContaining('in a circle'),
  })
  expect(provider.asked).toHaveLength(requests)
})

test('who stops reading asks for no more pages', async () => {
  const provider = providerOf([{ items: [1, 2], token: '1' }, { items: [3] }])
  for await (const item of provider.list()) if (item === 2) break
  expect(provider.asked).toHaveLength(1)
})

test('a page is asked for when it is needed, and none is kept', async () => {
  let alive = 0
  let most = 0
  const list = pages<{ readonly number: number; readonly items: number[] }, number>({
    first: { url: '/customers', query: { page: 0 } },
    async get({ query }) {
      most = Math.max(most, ++alive)
      return { number: Number(query?.page), items: Array.from({ length: 40 }, (_, index) => index) }
    },
    items: ({ items }) => items,
    next: ({ number }, request) => {
      alive--
      return number === 249 ? undefined : { ...request, query: { page: number + 1 } }
    },
  })
  let count = 0
  for await (const _ of list) count++

  expect(count).toBe(10_000)
  expect(most).toBe(1)
})
