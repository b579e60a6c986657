import { dataverseError } from '../../service/index.ts'

/** A URL, taken apart at the base path. Nothing in it is decoded yet. */
export interface Address {
  /** Scheme and host. */
  readonly origin: string
  /** What stands behind the base path, such as `/accounts`; empty at the base itself. */
  readonly path: string
  /** What stands behind the question mark. */
  readonly query: string
}

/**
 * Takes a complete URL apart. By hand, because every request goes through here and most of what `URL` does is not
 * needed.
 */
export function parseAddress(url: string, basePath: string): Address {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const origin = slash === -1 ? url : url.slice(0, slash)
  const rest = withoutFragment(slash === -1 ? '' : url.slice(slash))
  const mark = rest.indexOf('?')
  const pathname = mark === -1 ? rest : rest.slice(0, mark)
  if (!pathname.startsWith(basePath) || (pathname.length > basePath.length && pathname[basePath.length] !== '/')) {
    throw dataverseError('CrmHttpError', { segment: pathname })
  }
  return { origin, path: pathname.slice(basePath.length), query: mark === -1 ? '' : rest.slice(mark + 1) }
}

/**
 * The path behind the base path of a URL in a payload, which may be relative to the base or the host, or complete;
 * `undefined` when it belongs to another place.
 */
export function pathOfUrl(url: string, basePath: string): string | undefined {
  const path = url.replace(/^https?:\/\/[^/]+/i, '')
  if (path.startsWith(`${basePath}/`)) return path.slice(basePath.length)
  // Clients that were told one version of the API name another one in what they send.
  const api = /^(\/forks\/[^/]+)?\/api\/data\/v\d+\.\d+(?=\/)/.exec(path)
  if (api) return path.slice(api[0].length)
  return path === url ? path : undefined
}

function withoutFragment(text: string): string {
  const hash = text.indexOf('#')
  return hash === -1 ? text : text.slice(0, hash)
}
