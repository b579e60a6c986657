import type { IncomingMessage } from 'node:http'

/** A browser says where a page that asks comes from; any page could otherwise reset the environment. */
export function comesFromAnotherSite({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/

/**
 * Whether the request comes from this machine, and is meant for it: a page whose name was made to point here would
 * come from it, too, but under its own name.
 */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  const name = (headers.host ?? 'localhost').replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return LOOPBACK.test(socket.remoteAddress ?? '') && (name === 'localhost' || LOOPBACK.test(name))
}
