import { badRequest } from './refusals.ts'

/** What the `Prefer` header of a request asks for. */
export interface Preferences {
  /** Answer a write with the row as it is afterwards. */
  readonly representation: boolean
  readonly maxPageSize: number | undefined
  readonly trackChanges: boolean
  readonly continueOnError: boolean
  /** Run the operation in the background. */
  readonly respondAsync: boolean
  /** The URL that is to be told when it has ended. */
  readonly callback: string | undefined
  /** Whether the answer carries annotations at all. */
  readonly annotated: boolean
  wantsAnnotation(name: string): boolean
  /** The `Preference-Applied` header, of those preferences that this answer heeded. */
  applied(heeded?: Heeded): Readonly<Record<string, string>>
}

/** What an answer heeded, beside annotations. */
export interface Heeded {
  readonly representation?: boolean
  readonly paged?: boolean
  readonly tracked?: boolean
  readonly inBackground?: boolean
}

const MAX_PAGE_SIZE = 5000

/** Clients send few different headers, and each again and again. */
const parsed = new Map<string, Preferences>()
const MOST_PARSED = 500

/**
 * Reads the `Prefer` header. Preferences are separated by commas or semicolons. Those that nobody knows are passed
 * over, as HTTP wants it: `Preference-Applied` says which were heeded.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#prefer-headers
 */
export function parsePreferences(header = ''): Preferences {
  let preferences = parsed.get(header)
  if (!preferences) {
    preferences = parse(header)
    if (parsed.size >= MOST_PARSED) parsed.clear()
    parsed.set(header, preferences)
  }
  return preferences
}

function parse(header: string): Preferences {
  const given = new Map<string, string>()
  for (const part of header.match(/(?:"[^"]*(?:"|$)|[^;,"])+/g) ?? []) {
    const [name = '', ...value] = part.split('=')
    given.set(name.trim().toLowerCase(), value.join('=').trim().replace(/^"|"$/g, ''))
  }

  const patterns = (given.get('odata.include-annotations') ?? '').split(',').map((pattern) => pattern.trim())
  const annotations = /odata\.include-annotations=(?:"[^"]*"|[^;,]*)/i.exec(header)?.[0]
  const callback = parseCallback(given)
  const maxPageSize = parsePageSize(given.get('odata.maxpagesize'))
  const wanted = new Map<string, boolean>()
  return {
    representation: given.get('return') === 'representation',
    maxPageSize,
    trackChanges: given.has('odata.track-changes'),
    continueOnError: given.has('odata.continue-on-error') && given.get('odata.continue-on-error') !== 'false',
    respondAsync: given.has('respond-async'),
    callback,
    annotated: given.has('odata.include-annotations'),
    wantsAnnotation(name) {
      let wants = wanted.get(name)
      if (wants === undefined) {
        wants = patterns.some((pattern) => matches(pattern, name))
        wanted.set(name, wants)
      }
      return wants
    },
    applied({ representation, paged, tracked, inBackground } = {}) {
      const applied: string[] = []
      if (representation) applied.push('return=representation')
      if (paged && maxPageSize !== undefined) applied.push(`odata.maxpagesize=${maxPageSize}`)
      if (tracked) applied.push('odata.track-changes')
      // Of the two Microsoft's examples print only the one.
      if (inBackground) applied.push(callback === undefined ? 'respond-async' : 'callback')
      if (annotations !== undefined) applied.push(annotations)
      return applied.length === 0 ? {} : { 'Preference-Applied': applied.join(',') }
    },
  }
}

function parsePageSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw badRequest(`The preference 'odata.maxpagesize' is '${text}', but must be 1 to ${MAX_PAGE_SIZE}.`)
  }
  return size
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations#request-a-callback */
function parseCallback(given: ReadonlyMap<string, string>): string | undefined {
  if (!given.has('odata.callback') && !given.has('callback')) return undefined
  const url = given.get('url')
  if (!url) throw badRequest(`The preference 'odata.callback' needs a URL: odata.callback; url="https://…".`)
  return url
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}
