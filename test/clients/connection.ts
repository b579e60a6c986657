import { standardTables } from '../../src/entities/index.ts'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/testing/emulator/index.ts'
import { serveEmulator } from '../client/served.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what is tested
  readonly body: any
}

/** A connection over real HTTP to an emulator of its own. */
export interface Connection {
  readonly dataverse: Emulator
  /** Where the Web API is, with a slash at the end. */
  readonly endpoint: string
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

/** Serves an emulator with the standard tables, and connects to it as a client that sends `headers` with everything. */
export async function connect(options: EmulatorOptions, headers: Record<string, string>): Promise<Connection> {
  const dataverse = createEmulator({ ...options, tables: [...standardTables, ...(options.tables ?? [])] })
  const server = await serveEmulator(dataverse)
  const endpoint = `${server.url}/api/data/v9.2/`
  return {
    dataverse,
    endpoint,
    close: () => server.close(),
    async send(method, path, body, more = {}) {
      const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
      const url = new URL(path, endpoint)
      const response = await fetch(url, { method, body: payload, headers: { ...headers, ...more } })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.startsWith('application/json')
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson && text !== '' ? JSON.parse(text) : undefined,
      }
    },
  }
}

/** The id of the row that a write answers with. */
export function idOf({ status, headers, text }: Answer): string {
  const url = headers.get('odata-entityid')
  if (url === null) throw new Error(`The answer ${status} names no row: ${text}`)
  return url.slice(url.lastIndexOf('(') + 1, url.lastIndexOf(')'))
}
