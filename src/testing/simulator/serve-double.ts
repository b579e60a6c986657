import { type ListeningSimulator, listen } from './listen.ts'

/**
 * Serves a provider's double, or anything else that answers requests, over HTTP: for trying a connector by hand, and for jobs that
 * are to reach it. Closing it cuts what is under way.
 *
 * @param options.port - default: one that is free
 * @param options.hostname - default: `127.0.0.1`
 * @example const { url, close } = await serveDouble(world.answer)
 */
export function serveDouble(
  answer: (request: Request) => Response | Promise<Response>,
  { port = 0, hostname = '127.0.0.1' }: { readonly port?: number; readonly hostname?: string } = {},
): Promise<ListeningSimulator> {
  return listen({ port, hostname, answer: async (request) => answer(request) })
}
