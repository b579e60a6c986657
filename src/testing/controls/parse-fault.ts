import type { Fault } from './fault-list.ts'
import { ControlError } from './http.ts'

type Json = Readonly<Record<string, unknown>>
type Check = (value: unknown) => boolean

const isText =
  (most: number): Check =>
  (value) =>
    typeof value === 'string' && value !== '' && value.length <= most
const isBetween =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most

/** What each name may hold, and how that is called. */
const parts: Readonly<Record<string, readonly [Check, string]>> = {
  match: [(value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'an object'],
  status: [isBetween(400, 599), 'a status from 400 to 599'],
  code: [(value) => typeof value === 'string' && /^0x[0-9a-f]{1,8}$/i.test(value), 'a code such as "0x80072322"'],
  retryAfter: [isBetween(0, 86_400), 'a number of seconds'],
  delayMs: [isBetween(0, 600_000), 'a number of milliseconds, at most 600000'],
  drop: [(value) => value === true || value === 'request' || value === 'answer', '"request" (or true) or "answer"'],
  times: [(value) => value === null || isBetween(1, 1_000_000)(value), 'a number from 1, or null for no end'],
}
const matchParts: Readonly<Record<string, readonly [Check, string]>> = {
  method: [(value) => typeof value === 'string' && /^[a-z]{1,20}$/i.test(value), 'an HTTP method'],
  path: [isText(2048), 'a path, in which * stands for anything'],
}

/** The fault that a request to the controls describes; refuses by name what cannot be obeyed. */
export function parseFault(content: Json): Fault {
  check(content, parts, '')
  if (content.match !== undefined) check(content.match as Json, matchParts, 'match.')
  const { status, delayMs, drop, code, retryAfter } = content
  if (status === undefined && delayMs === undefined && drop === undefined) {
    throw new ControlError(400, "A fault has a 'status', a 'delayMs' or a 'drop'.")
  }
  if (status !== undefined && drop !== undefined) {
    throw new ControlError(400, "A fault has a 'status' or a 'drop', not both.")
  }
  if (status === undefined && (code !== undefined || retryAfter !== undefined)) {
    throw new ControlError(400, "'code' and 'retryAfter' are parts of an answer: give its 'status', too.")
  }
  return { ...content, ...(drop === true ? { drop: 'request' } : {}) } as Fault
}

function check(content: Json, known: typeof parts, prefix: string): void {
  for (const [name, value] of Object.entries(content)) {
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known).join(', ')
      throw new ControlError(400, `A fault has no '${prefix}${name}'. There are: ${names}.`)
    }
    const [isRight, what] = known[name]!
    if (!isRight(value)) throw new ControlError(400, `'${prefix}${name}' is ${what}.`)
  }
}
