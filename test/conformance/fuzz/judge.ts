import type { WebAnswer } from '../../../src/webapi/index.ts'

/**
 * What is wrong with the answer to what was asked, in words that are the same for the same mistake; `undefined`: nothing
 * is.
 */
export function faultIn({ status, headers, body }: WebAnswer, asked = ''): string | undefined {
  const text = typeof body === 'string' ? body : Buffer.from(body ?? '').toString('utf8')
  const type = headers['Content-Type'] ?? ''
  if (headers['OData-Version'] !== '4.0') return 'no OData-Version'
  if ((status === 204 || status === 304) && text !== '') return `${status} with a body`
  if (type.startsWith('multipart/')) return faultInParts(text, asked)
  if (status >= 400) return faultInError(status, text, asked)
  if (type.startsWith('application/json')) {
    try {
      JSON.parse(text)
    } catch {
      return `${status} with JSON that is none`
    }
  }
  return undefined
}

function faultInParts(text: string, asked: string): string | undefined {
  for (const part of text.split(/\r\n(?=HTTP\/1\.1 )/).slice(1)) {
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(part)?.[1])
    const json = part.split('\r\n').find((line) => line.startsWith('{')) ?? ''
    const fault = status >= 400 ? faultInError(status, json, asked) : undefined
    if (fault !== undefined) return fault
  }
  return undefined
}

function faultInError(status: number, text: string, asked: string): string | undefined {
  let error: { code?: unknown; message?: unknown }
  try {
    error = JSON.parse(text).error
  } catch {
    return `${status} without JSON: ${text.slice(0, 100)}`
  }
  const { code, message } = error ?? {}
  if (typeof code !== 'string' || !/^0x8[0-9a-f]{7}$/.test(code))
    return `${status} with the code ${JSON.stringify(code)}`
  if (typeof message !== 'string' || message === '') return `${status} ${code} without a message`
  if (status >= 500 && status !== 501) return `${status} ${code}: ${alike(message)}`
  if (status === 501 && !/not emulated/.test(message))
    return `501 that does not say what is not emulated: ${alike(message)}`
  const inside = /\n\s+at |\[object |\bundefined\b|\{\w+\}/.exec(message)?.[0]
  // A message may say what was asked.
  if (inside !== undefined && !asked.includes(inside)) return `${status} ${code} says '${inside.trim()}'`
  return undefined
}

/** A message without what differs from request to request. */
function alike(message: string): string {
  return message
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, 'ID')
    .replace(/'[^']*'/g, "'…'")
    .replace(/-?\d+/g, 'N')
    .slice(0, 200)
}
