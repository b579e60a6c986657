import { DataverseError } from '../../service/index.ts'
import {
  type Controls,
  createControls,
  createFaultList,
  type Emulator,
  type FaultList,
  type ForkHost,
  type RefusedList,
} from '../../testing/index.ts'
import { createWebApi, type WebAnswer, type WebApi, type WebRequest } from '../../webapi/index.ts'
import type { Authenticate } from './authenticate.ts'

/** What all environments of a server have in common. */
export interface Shared {
  readonly emulator: Emulator
  /** Who asks; left out: always the administrator. */
  readonly authenticate: Authenticate | undefined
  readonly refused: RefusedList
  readonly forksOf: (emulator: () => Emulator) => ForkHost
}

/** One environment as it is served: the server's own, or a fork. */
export interface ServedEnvironment {
  readonly emulator: Emulator
  /** What stands before its paths: nothing, or `/forks/1`. */
  readonly path: string
  readonly faults: FaultList
  readonly controls: Controls
  /** Answers a request to the Web API. */
  answer(request: WebRequest): Promise<WebAnswer>
}

/** More callers at a time are not kept ready. */
const MOST_CALLERS = 16

export function createServedEnvironment(
  emulator: Emulator,
  path: string,
  { authenticate, refused, forksOf }: Shared,
): ServedEnvironment {
  const faults = createFaultList()
  const controls = createControls(emulator, {
    basePath: `${path}/_emulator`,
    faults,
    refused,
    forks: forksOf(() => emulator),
  })
  // Made with the first request: reading all tables takes longer than forking.
  const apis = new Map<string, WebApi>()
  const apiFor = (userId: string) => {
    let api = apis.get(userId)
    if (!api) {
      if (apis.size >= MOST_CALLERS) apis.clear()
      api = createWebApi({
        service: userId === emulator.organization.userId ? emulator : emulator.as(userId, userId),
        tables: emulator.tables,
        metadata: emulator.metadata,
        customApis: emulator.customApis,
        basePath: `${path}/api/data/v9.2`,
        serviceAs: (other) => emulator.as(other, userId),
        remaining: () => emulator.remainingUsage(userId),
        onError: (error, request) => noteRefusal(refused, request, error),
      })
      apis.set(userId, api)
    }
    return api
  }

  return {
    emulator,
    path,
    faults,
    controls,
    answer(request) {
      if (!authenticate) return apiFor(emulator.organization.userId).answer(request)
      return authenticate(request, emulator, path).then((caller) =>
        typeof caller === 'string' ? apiFor(caller).answer(request) : caller,
      )
    },
  }
}

/** Keeps what is not emulated, and what there is no table or operation for. */
function noteRefusal(refused: RefusedList, { method, url }: WebRequest, error: unknown): void {
  if (!DataverseError.isInstance(error)) return
  const { status, name, message } = error
  if (status === 501 || name === 'CrmHttpError')
    refused.note({ what: message, status, method, url: url.slice(0, 1000) })
}
