import { badRequest } from '../refusals.ts'
import type { MetadataObject } from './option-set.ts'

type Test = (object: MetadataObject) => boolean

const TOKEN = /\s*(?:('(?:[^']|'')*')|(Microsoft\.Dynamics\.CRM\.\w+'[^']*')|([\w/.-]+)|([()]))/y
const MAX_DEPTH = 50

/**
 * Parses a `$filter` over metadata, which knows `eq`, `ne`, `and`, `or`, `not` and parentheses and nothing else.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */
export function parseMetadataFilter(text: string): Test {
  const tokens = tokensOf(text)
  let at = 0
  const next = () => tokens[at++]
  const syntaxError = () => badRequest(`Syntax error in the filter '${text}': only eq, ne, and, or, not are supported.`)

  function parseOr(depth: number): Test {
    let test = parseAnd(depth)
    while (tokens[at] === 'or') {
      at++
      const [left, right] = [test, parseAnd(depth)]
      test = (object) => left(object) || right(object)
    }
    return test
  }
  function parseAnd(depth: number): Test {
    let test = parseUnary(depth)
    while (tokens[at] === 'and') {
      at++
      const [left, right] = [test, parseUnary(depth)]
      test = (object) => left(object) && right(object)
    }
    return test
  }
  function parseUnary(depth: number): Test {
    if (depth > MAX_DEPTH) throw badRequest('The filter is nested too deeply.')
    const token = next()
    if (token === 'not') {
      const inner = parseUnary(depth + 1)
      return (object) => !inner(object)
    }
    if (token === '(') {
      const inner = parseOr(depth + 1)
      if (next() !== ')') throw syntaxError()
      return inner
    }
    const [operator, literal] = [next(), next()]
    if (token === undefined || !/^[A-Za-z]/.test(token) || literal === undefined) throw syntaxError()
    if (operator !== 'eq' && operator !== 'ne') throw syntaxError()
    const path = token.split('/')
    const value = literalValue(literal)
    return (object) => (read(object, path) === value) === (operator === 'eq')
  }

  const test = parseOr(0)
  if (at < tokens.length) throw syntaxError()
  return test
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (!match) throw badRequest(`Syntax error at position ${from} in '${text}'.`)
    tokens.push(match[0].trim())
  }
  return tokens
}

function literalValue(literal: string): unknown {
  if (literal === 'null') return null
  if (literal === 'true' || literal === 'false') return literal === 'true'
  const quote = literal.indexOf("'")
  if (quote !== -1) return literal.slice(quote + 1, -1).replaceAll("''", "'")
  return /^-?\d+(\.\d+)?$/.test(literal) ? Number(literal) : literal
}

function read(object: unknown, path: readonly string[]): unknown {
  let value: unknown = object
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      if (value === null) return null
      throw badRequest(`Could not find a property named '${name}' in the metadata.`)
    }
    value = (value as MetadataObject)[name]
  }
  return value
}
