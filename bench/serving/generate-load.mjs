import { fork } from 'node:child_process'
import { once } from 'node:events'

/** How many connections are kept open. */
export const CONNECTIONS = 16

/**
 * Lets a process of its own send requests to a server, and answers how many it took.
 *
 * @param {Omit<import('./load.mjs').Load, 'connections'>} load
 * @returns {Promise<{ perSecond: number, answered: number }>}
 */
export async function generateLoad(load) {
  const generator = fork(new URL('load.mjs', import.meta.url))
  generator.send({ connections: CONNECTIONS, ...load })
  const [result] = await once(generator, 'message')
  generator.kill()
  if (result.error !== undefined) throw new Error(result.error)
  return result
}
