import type { ServerResponse } from 'node:http'
import { errorCodes, toHexCode } from '../../service/index.ts'
import type { Fault } from '../../testing/index.ts'
import type { WebAnswer } from '../../webapi/index.ts'
import { errorAnswer } from './error-answer.ts'

/**
 * Answers a request through a fault.
 *
 * @param answer does what was asked
 * @param outgoing whose connection is cut
 */
export async function meetFault(
  fault: Fault,
  answer: () => Promise<WebAnswer>,
  outgoing: ServerResponse,
): Promise<WebAnswer> {
  const { status, delayMs, drop } = fault
  if (delayMs !== undefined) await sleep(delayMs, outgoing)
  if (status !== undefined) return faultAnswer(fault, status)
  if (drop === 'request') {
    outgoing.destroy()
    return CUT_OFF
  }
  const answered = await answer()
  if (drop === 'answer') outgoing.destroy()
  return answered
}

/** Waits by the machine's clock, as clients do, and ends early when the client goes. */
function sleep(milliseconds: number, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    outgoing.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Nobody sees it. */
const CUT_OFF: WebAnswer = { status: 500, headers: {}, body: undefined }

/** Dataverse always says when to come back after too many requests. */
const RETRY_AFTER_SECONDS = 1

function faultAnswer({ code, retryAfter }: Fault, status: number): WebAnswer {
  const tooMany = status === 429
  const error = tooMany ? errorCodes.ThrottlingBurstRequestLimitExceededError : errorCodes.UnExpected
  const wait = retryAfter ?? (tooMany ? RETRY_AFTER_SECONDS : undefined)
  return errorAnswer(
    status,
    code?.toLowerCase() ?? toHexCode(error.code),
    'A fault that the emulator was asked to show: see /_emulator/faults.',
    wait === undefined ? {} : { 'Retry-After': String(wait) },
  )
}
