import { badRequest } from '../refusals.ts'

/** One part of a path: `name` or `name(inside)`. */
export interface Segment {
  readonly name: string
  /** What stands in the parentheses, if there are any. */
  readonly inside: string | undefined
  readonly text: string
}

/**
 * Reads a path: percent-encodings are resolved, slashes in quotes and parentheses do not separate, and doubled slashes
 * count as one, as Microsoft's own clients need it.
 */
export function parseSegments(path: string): readonly Segment[] {
  return splitOutside(decode(path), '/')
    .filter((text) => text !== '')
    .map(parseSegment)
}

/** The parts between separators that stand outside of quotes and brackets. */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (quote !== '') {
      // A doubled quote ends a literal and begins it again, which comes to the same.
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"') at++
    } else if (character === "'" || character === '"') quote = character
    else if (character === '(' || character === '{' || character === '[') depth++
    else if (character === ')' || character === '}' || character === ']') depth--
    else if (character === separator && depth <= 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

function parseSegment(text: string): Segment {
  const open = text.indexOf('(')
  if (open === -1) return { name: text, inside: undefined, text }
  if (!text.endsWith(')')) throw badRequest(`The parenthesis in '${text}' is not closed.`)
  return { name: text.slice(0, open), inside: text.slice(open + 1, -1), text }
}

function decode(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    throw badRequest(`The URL has a malformed percent-encoding: '${path}'.`)
  }
}
