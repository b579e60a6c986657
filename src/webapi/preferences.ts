import { badRequest, notEmulated } from './refusals.ts'

/** What the `Prefer` header of a request asks for. */
export interface Preferences {
  /** Answer a write with the row as it is afterwards. */
  readonly representation: boolean
  readonly maxPageSize: number | undefined
  /** Whether the answer carries annotations at all. */
  readonly annotated: boolean
  wantsAnnotation(name: string): boolean
}

const MAX_PAGE_SIZE = 5000
const unsupported = ['odata.track-changes', 'respond-async']

/**
 * Reads the `Prefer` header. Preferences are separated by commas or semicolons. Those that nobody knows are passed
 * over, as HTTP wants it: `Preference-Applied` says which were heeded.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#prefer-headers
 */
export function parsePreferences(header: string | null): Preferences {
  const given = new Map<string, string>()
  for (const part of header?.match(/(?:"[^"]*(?:"|$)|[^;,"])+/g) ?? []) {
    const [name = '', ...value] = part.split('=')
    given.set(name.trim().toLowerCase(), value.join('=').trim().replace(/^"|"$/g, ''))
  }
  for (const name of unsupported) if (given.has(name)) throw notEmulated(`The preference '${name}'`)

  const patterns = (given.get('odata.include-annotations') ?? '').split(',').map((pattern) => pattern.trim())
  return {
    representation: given.get('return') === 'representation',
    maxPageSize: parsePageSize(given.get('odata.maxpagesize')),
    annotated: given.has('odata.include-annotations'),
    wantsAnnotation: (name) => patterns.some((pattern) => matches(pattern, name)),
  }
}

/** The `Preference-Applied` header, of those preferences that this answer heeded. */
export function appliedPreferences(
  request: Request,
  { annotated, maxPageSize }: Preferences,
  heeded: { readonly representation?: boolean; readonly paged?: boolean } = {},
): Record<string, string> {
  const annotations = /odata\.include-annotations=(?:"[^"]*"|[^;,]*)/i.exec(request.headers.get('prefer') ?? '')?.[0]
  const applied = [
    ...(heeded.representation ? ['return=representation'] : []),
    ...(heeded.paged && maxPageSize !== undefined ? [`odata.maxpagesize=${maxPageSize}`] : []),
    ...(annotated && annotations !== undefined ? [annotations] : []),
  ]
  return applied.length === 0 ? {} : { 'Preference-Applied': applied.join(',') }
}

function parsePageSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw badRequest(`The preference 'odata.maxpagesize' is '${text}', but must be 1 to ${MAX_PAGE_SIZE}.`)
  }
  return size
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}
