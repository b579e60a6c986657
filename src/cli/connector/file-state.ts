import { readFile, rename, writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { ConnectionState, Json } from '../../connectors/index.ts'

/**
 * The state of a connection in a file that only its owner may read: it holds refresh tokens. For one process at a time; where
 * several serve one connection, it belongs into a store with compare-and-set of its own.
 */
export function fileState(file: string): ConnectionState {
  let turn: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<Json> => {
    try {
      return JSON.parse(await readFile(file, 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }
  const write = async (next: Json, expected: Json): Promise<boolean> => {
    if (!isDeepStrictEqual(await read(), expected)) return false
    // Written beside and moved, so that a process that dies meanwhile leaves the old one.
    await writeFile(`${file}.next`, JSON.stringify(next), { mode: 0o600 })
    await rename(`${file}.next`, file)
    return true
  }
  return {
    get: read,
    set(next, expected) {
      const written = turn.then(() => write(next, expected))
      turn = written.catch(() => undefined)
      return written
    },
  }
}
