import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connector } from '../../../../connectors/index.ts'
import { conformanceChecks } from '../checks/index.ts'
import { type Exception, notTried } from '../finding.ts'
import type { ConnectorWorld, CreateWorld, WorldSamples } from '../world.ts'
import type { Fixture, Interaction } from './fixture.ts'
import { loadNock, naming, REPLAYED, replay } from './replay.ts'
import { hiddenFields, placeholderOf, scrub } from './scrub.ts'

export interface RecordedWorldOptions {
  /** Where the recordings are kept, one file for each check: `C07.json`. */
  readonly folder: string
  /** The checks that are recorded, by their ids. Each does to the sandbox what it says: an order orders. */
  readonly checks: readonly string[]
  /** The address of the sandbox. */
  readonly url: string
  /** What an administrator would enter to reach it at this address. */
  settings(url: string): Readonly<Record<string, unknown>>
  /** The sandbox's own, from the environment: asked for only while recording. */
  credentials(): Readonly<Record<string, unknown>>
  readonly samples: WorldSamples
  /** Names of JSON fields that hold personal data: their values are neither written nor compared. */
  readonly personal?: readonly string[]
  readonly kindOf?: ConnectorWorld['kindOf']
  readonly idempotencyHeader?: string | null
  /** Whether to record. Default: `RECORD=1` in the environment. */
  readonly record?: boolean
}

/**
 * A sandbox of the provider as a world: recorded with `RECORD=1`, and replayed from files without it. What is written has no
 * secrets: the fields that the connector declares are scrubbed, and so is every token that came back. A replay compares
 * requests but for ids that are made anew, and fails on what was not recorded and on what was not asked for.
 *
 * @example
 * connectorConformance(contoso, {
 *   world: recordedWorld(contoso, {
 *     folder: 'test/recordings',
 *     checks: ['C03', 'C07', 'C08'],
 *     url: 'https://sandbox.contoso.example',
 *     settings: (url) => ({ baseUrl: url }),
 *     credentials: () => ({ apiKey: process.env.CONTOSO_API_KEY }),
 *     samples: { change },
 *     personal: ['email', 'phone'],
 *   }),
 * })
 */
export function recordedWorld(connector: Connector, options: RecordedWorldOptions): CreateWorld {
  const { record = process.env.RECORD === '1', checks, folder } = options
  const except = exceptAllBut(checks)
  return (_, checkId) => {
    const file = join(folder, `${checkId}.json`)
    const tape = record ? recording(connector, options, file) : replaying(options, file)
    const { settings, samples, kindOf, idempotencyHeader } = options
    return {
      ...tape,
      settings: record ? settings : (url) => withPlaceholders(connector, 'settings', settings(url)),
      credentials: record ? options.credentials() : withPlaceholders(connector, 'credentials', {}),
      samples,
      except,
      ...(kindOf && { kindOf }),
      ...(idempotencyHeader !== undefined && { idempotencyHeader }),
    }
  }
}

type Tape = Required<Pick<ConnectorWorld, 'answer' | 'keyFor' | 'close'>>

/** Sends everything on to the sandbox, and writes down what it answered. */
function recording(connector: Connector, options: RecordedWorldOptions, file: string): Tape {
  const salt = randomUUID()
  const { url, settings, credentials, personal = [], folder } = options
  const { origin } = new URL(url)
  let isRecording = false
  return {
    keyFor: (key) => saltedKey(key, salt),
    async answer(request) {
      const { default: nock } = await loadNock()
      if (!isRecording) nock.recorder.rec({ output_objects: true, dont_print: true })
      isRecording = true
      return forward(request, origin)
    },
    async close() {
      if (!isRecording) return
      const { default: nock } = await loadNock()
      const played = nock.recorder.play() as unknown as readonly Played[]
      nock.restore()
      nock.recorder.clear()
      const interactions = played.filter(({ scope }) => new URL(scope).origin === origin).map(toInteraction)
      const values = { settings: settings(url), credentials: credentials() }
      const fixture = scrub({ salt, interactions }, connector, values, personal)
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, `${JSON.stringify(fixture, null, 2)}\n`)
    },
  }
}

/** Answers what was recorded, and nothing else. */
function replaying({ personal = [] }: RecordedWorldOptions, file: string): Tape {
  const fixture = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Fixture) : undefined
  const unmatched: string[] = []
  let finish: Promise<() => readonly string[]> | undefined
  return {
    keyFor: (key) => saltedKey(key, fixture?.salt ?? ''),
    async answer(request) {
      finish ??= replay(fixture ?? { salt: '', interactions: [] }, personal)
      await finish
      try {
        return await forward(request, REPLAYED)
      } catch {
        const { pathname, search } = new URL(request.url)
        unmatched.push(naming({ method: request.method, path: pathname + search }))
        return new Response(null, { status: 501 })
      }
    },
    async close() {
      if (!finish) return
      const unused = (await finish)()
      const again = 'Record it again with RECORD=1.'
      if (!fixture) throw new Error(`There is no recording ${file}: make one with RECORD=1.`)
      if (unmatched.length > 0) throw new Error(`Asked for, and not recorded: ${unmatched.join(', ')}. ${again}`)
      if (unused.length > 0) throw new Error(`Recorded, and not asked for: ${unused.join(', ')}. ${again}`)
    },
  }
}

/** As nock's recorder tells it. */
interface Played {
  readonly scope: string
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly status: number
  readonly response: unknown
  readonly rawHeaders: Readonly<Record<string, string>> | readonly string[]
}

function toInteraction({ method, path, body, status, response, rawHeaders }: Played): Interaction {
  const pairs = Array.isArray(rawHeaders)
    ? rawHeaders.flatMap((name: string, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]]] : []))
    : Object.entries(rawHeaders)
  const headers = Object.fromEntries(pairs.map(([name, value]) => [String(name).toLowerCase(), String(value)]))
  return { method, path, body, status, headers, response }
}

const NOT_SENT_ON = ['host', 'connection', 'content-length', 'transfer-encoding']

async function forward(request: Request, origin: string): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const headers = new Headers(request.headers)
  for (const name of NOT_SENT_ON) headers.delete(name)
  // What is compressed could not be read in a file.
  headers.set('accept-encoding', 'identity')
  const body = request.method === 'GET' || request.method === 'HEAD' ? null : await request.text()
  return fetch(origin + pathname + search, { method: request.method, headers, body: body || null, redirect: 'manual' })
}

/** The same key in the recording and in its replay, and another one in the next recording. */
function saltedKey(key: string, salt: string): string {
  const hex = createHash('sha256')
    .update(key + salt)
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function withPlaceholders(
  connector: Connector,
  group: 'settings' | 'credentials',
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const hidden = hiddenFields(connector).filter((name) => name in connector[group])
  return { ...values, ...Object.fromEntries(hidden.map((name) => [name, placeholderOf(name)])) }
}

function exceptAllBut(checks: readonly string[]): Record<string, Exception> {
  const others = conformanceChecks.filter(({ id, needs }) => needs.includes('provider') && !checks.includes(id))
  return Object.fromEntries(others.map(({ id }) => [id, notTried('it is not recorded')]))
}
