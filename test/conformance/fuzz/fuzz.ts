import fc from 'fast-check'
import type { Emulator } from '../../../src/testing/emulator/index.ts'
import { createWebApi, type WebApi } from '../../../src/webapi/index.ts'
import { BASE, environment } from '../environment.ts'
import { faultIn } from './judge.ts'
import { anyRequest, type FuzzRequest } from './requests.ts'

/** One kind of wrong answer, with the shortest request that got it. */
export interface Finding {
  readonly fault: string
  readonly count: number
  readonly request: FuzzRequest
}

export interface FuzzResult {
  readonly requests: number
  readonly findings: readonly Finding[]
  /** How many answers had each status. */
  readonly statuses: ReadonlyMap<number, number>
  readonly slowest: { readonly milliseconds: number; readonly request: FuzzRequest | undefined }
  /** Whether what was asked of one environment has changed another one. */
  readonly leaked: boolean
}

/** An environment is begun anew after so many requests, so that a finding does not depend on too many others. */
const REQUESTS_PER_ENVIRONMENT = 250

/** Makes requests and judges every answer. The same seed makes the same requests. */
export async function fuzz(count: number, seed: number, now: () => number = () => 0): Promise<FuzzResult> {
  const findings = new Map<string, Finding>()
  const statuses = new Map<number, number>()
  const bystander = environment().dataverse
  const before = await contentsOf(bystander)
  let slowest: FuzzResult['slowest'] = { milliseconds: 0, request: undefined }

  for (let done = 0; done < count; done += REQUESTS_PER_ENVIRONMENT) {
    const api = freshApi()
    const numRuns = Math.min(REQUESTS_PER_ENVIRONMENT, count - done)
    for (const request of fc.sample(anyRequest, { numRuns, seed: seed + done })) {
      const began = now()
      const { status, fault } = await judge(api, request)
      const milliseconds = now() - began
      if (milliseconds > slowest.milliseconds) slowest = { milliseconds, request }
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (fault === undefined) continue
      const known = findings.get(fault)
      const shorter = known && sizeOf(known.request) <= sizeOf(request) ? known.request : request
      findings.set(fault, { fault, count: (known?.count ?? 0) + 1, request: shorter })
    }
  }
  const leaked = (await contentsOf(bystander)) !== before || 'polluted' in {}
  return { requests: count, findings: [...findings.values()], statuses, slowest, leaked }
}

function freshApi(): WebApi {
  const { dataverse } = environment()
  return createWebApi({
    service: dataverse,
    tables: dataverse.tables,
    metadata: dataverse.metadata,
    customApis: dataverse.customApis,
    serviceAs: dataverse.as,
  })
}

async function judge(api: WebApi, request: FuzzRequest): Promise<{ status: number; fault: string | undefined }> {
  const headers = new Map(Object.entries(request.headers).map(([name, text]) => [name.toLowerCase(), text]))
  try {
    const answer = await api.answer({
      method: request.method,
      url: BASE + request.path,
      header: (name) => headers.get(name),
      bytes: async () => Buffer.from(request.body),
    })
    return { status: answer.status, fault: faultIn(answer, decoded(request)) }
  } catch (error) {
    return { status: 0, fault: `rejected: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function decoded({ path, body }: FuzzRequest): string {
  try {
    return path + decodeURIComponent(path) + body
  } catch {
    return path + body
  }
}

function sizeOf({ path, body, headers }: FuzzRequest): number {
  return path.length + body.length + JSON.stringify(headers).length
}

async function contentsOf(dataverse: Emulator): Promise<string> {
  const rows = await Promise.all(
    ['account', 'contact', 'task', 'opportunity', 'new_thing'].map((name) => dataverse.list(name)),
  )
  return JSON.stringify([rows, dataverse.metadata.version])
}
