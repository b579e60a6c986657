import { dataverseError } from '../../service/index.ts'

/** A URL, taken apart at the base path. Nothing in it is decoded yet. */
export interface Address {
  /** Scheme and host. */
  readonly origin: string
  /** The base path as the URL says it: with the version that the client asks for. */
  readonly basePath: string
  /** What stands behind the base path, such as `/accounts`; empty at the base itself. */
  readonly path: string
  /** What stands behind the question mark. */
  readonly query: string
  /** What stands behind the path of the status monitor, which is beside the base path and no part of the API. */
  readonly monitored: string | undefined
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
  const end = basePath.length
  const base = pathname.startsWith(basePath) ? basePath : inOtherVersion(pathname.slice(0, end), basePath)
  if (base === undefined || (pathname.length > end && pathname[end] !== '/')) {
    const monitor = pathname.slice(0, pathname.lastIndexOf('/'))
    if (monitor === statusMonitorPath(basePath)) {
      return { origin, basePath, path: '', query: '', monitored: pathname.slice(monitor.length + 1) }
    }
    throw dataverseError('CrmHttpError', { segment: pathname })
  }
  return {
    origin,
    basePath: base,
    path: pathname.slice(end),
    query: mark === -1 ? '' : rest.slice(mark + 1),
    monitored: undefined,
  }
}

/**
 * Where the progress of background operations is told, before the id: `/api/backgroundoperation`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations#manage-background-operations
 */
export function statusMonitorPath(basePath: string): string {
  return `${basePath.replace(/\/data\/v\d+\.\d+$/, '')}/backgroundoperation`
}

/**
 * All versions 9 of the API answer the same: a client that asks for an older one gets it.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#web-api-url-and-versions
 */
function inOtherVersion(start: string, basePath: string): string | undefined {
  const isVersioned = /\/v9\.[0-2]$/.test(start) && basePath.endsWith('/v9.2')
  return isVersioned && start.slice(0, -1) === basePath.slice(0, -1) ? start : undefined
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
