import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorCodes, toHexCode } from '../../service/index.ts'
import type { TokenEndpoint } from '../../testing/index.ts'
import { toNodeListener, type WebAnswer, type WebRequest } from '../../webapi/index.ts'
import { comesFromAnotherSite, isLocal } from './caller.ts'
import { errorAnswer } from './error-answer.ts'
import type { ServedEnvironments } from './forks.ts'
import { meetFault } from './meet-fault.ts'
import type { ServedEnvironment } from './served-environment.ts'

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>

/** What answers the requests of a server: the whole order of handling one. */
export function createListener(environments: ServedEnvironments, tokens: TokenEndpoint): Listener {
  return toNodeListener(async (request, incoming, outgoing) => {
    if (comesFromAnotherSite(incoming)) return refusal(403, 'A page of another site may not use this.')

    const { fork, path } = placeOf(incoming.url ?? '/')
    const environment = fork === undefined ? environments.root : environments.fork(fork)
    if ('message' in environment) return refusal(environment.status, environment.message)

    if (path.startsWith('/_emulator')) {
      if (isLocal(incoming)) return environment.controls.answer(request)
      return refusal(
        403,
        'The controls of the emulator answer this machine only. Ask them through 127.0.0.1 or localhost.',
      )
    }

    const { emulator, faults } = environment
    const end = emulator.trace.request(titleOf(request.method, path))
    try {
      const fault = faults.empty ? undefined : faults.take(request.method, withoutQuery(path))
      const answered = await (fault
        ? meetFault(fault, () => answerOf(environment, tokens, request, path), outgoing)
        : answerOf(environment, tokens, request, path))
      end(answered.status)
      return answered
    } catch (error) {
      end(UNEXPECTED.status)
      const reason = error instanceof Error ? error.message : String(error)
      return errorAnswer(UNEXPECTED.status, toHexCode(UNEXPECTED.code), UNEXPECTED.message.replace('{reason}', reason))
    }
  })
}

const UNEXPECTED = errorCodes.UnExpected

function answerOf(
  environment: ServedEnvironment,
  tokens: TokenEndpoint,
  request: WebRequest,
  path: string,
): Promise<WebAnswer> {
  return (path.startsWith('/api/') ? undefined : tokens.answer(request)) ?? environment.answer(request)
}

function refusal(status: number, message: string): WebAnswer {
  return errorAnswer(status, NO_CODE, message)
}

/** Refusals of the server's own have none of the platform's codes. */
const NO_CODE = '0x0'

/** Which fork a path is in, and what stands behind that. */
function placeOf(url: string): { readonly fork: string | undefined; readonly path: string } {
  const path = url.startsWith('/') ? url : pathOf(url)
  if (!path.startsWith('/forks/')) return { fork: undefined, path }
  const end = path.slice('/forks/'.length).search(/[/?]|$/) + '/forks/'.length
  return { fork: path.slice('/forks/'.length, end), path: path.slice(end) }
}

/** A proxy's request names the whole address. */
function pathOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { pathname, search } = new URL(url)
  return pathname + search
}

function withoutQuery(path: string): string {
  const mark = path.indexOf('?')
  return mark === -1 ? path : path.slice(0, mark)
}

/** Longer paths are cut in the trace. */
const LONGEST_TITLE = 500

function titleOf(method: string, path: string): string {
  return `${method} ${path.length > LONGEST_TITLE ? `${path.slice(0, LONGEST_TITLE)}…` : path}`
}
