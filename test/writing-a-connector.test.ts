import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Block, blocksOf, linksIn } from './documents/blocks.ts'
import { type Played, playDocument } from './documents/play-document.ts'

const root = join(import.meta.dirname, '..')
const document = 'docs/writing-a-connector.md'
const text = readFileSync(join(root, document), 'utf8')
/** Beside the repository rather than in it, so that its own test run does not find what is written here. */
const folder = mkdtempSync(join(tmpdir(), 'work365-sdk-connector-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the page says was printed, each with the block that printed it. */
const outputs = blocksOf(text).flatMap((block, at, all) => {
  if (block.language !== 'text' && block.language !== 'json') return []
  const source = all.slice(0, at).findLast(({ language }) => language === 'sh')
  return source ? [{ block, source, title: `what line ${source.line} prints is what line ${block.line} shows` }] : []
})

let played: Played
let ports: readonly (readonly [string, string])[]
beforeAll(async () => {
  ports = await Promise.all(['8080', '8081'].map(async (port) => [port, await freePort()] as const))
  const blocks = blocksOf(text).map((block) => ({ ...block, code: withFreePorts(block.code) }))
  played = await playDocument(blocks, folder, root)
}, 240_000)

test('the page is done from its first block to its last', () => {
  expect(played.failure).toBeUndefined()
  expect(played.blocks.length).toBeGreaterThan(10)
})

test('every block of the page is a file, is run, or is compared with what was printed', () => {
  const left = blocksOf(text).filter((block) => !['ts', 'sh'].includes(block.language) && !isCompared(block))
  expect(left).toEqual([])
})

describe.each(outputs)('$title', ({ block, source }) => {
  test(
    block.language === 'json' ? 'as JSON, with whatever else there is' : 'line by line, with whatever is in between',
    () => {
      const printed = played.blocks.find((one) => one.block.line === source.line)!.printed
      const shown = withFreePorts(block.code)
      if (block.language === 'json') return expect(JSON.parse(printed)).toMatchObject(JSON.parse(shown))
      let rest = inOneSpace(printed)
      for (const line of inOneSpace(shown).trim().split('\n')) {
        const at = rest.indexOf(line.trim())
        if (at < 0) expect.fail(`It did not print ${JSON.stringify(line)}, or not in this order, but:\n${printed}`)
        rest = rest.slice(at + line.trim().length)
      }
    },
  )
})

test('it leads to files that are there', () => {
  const isThere = (link: string) => existsSync(join(root, dirname(document), link))
  expect(linksIn(text).filter((link) => !isThere(link))).toEqual([])
})

const isCompared = (block: Block) => outputs.some((output) => output.block.line === block.line)
const inOneSpace = (printed: string) => printed.replace(/[ \t]+/g, ' ').replace(/\r/g, '')
const withFreePorts = (code: string) => ports.reduce((before, [port, free]) => before.replaceAll(port, free), code)

async function freePort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}
