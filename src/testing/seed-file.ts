import type { Node, ParseError } from 'jsonc-parser'
import type { ColumnDefinition, TableDefinition } from '../entities/index.ts'
import { isGuid } from '../internal/ids.ts'
import type { ColumnValue, Row } from '../service/index.ts'
import type { SeedRows } from './emulator/index.ts'

/** What is wrong with a seed file, and on which line. */
export class SeedFileError extends Error {
  override readonly name = 'SeedFileError'
  readonly line: number

  constructor(file: string, line: number, reason: string, cause?: unknown) {
    super(`${file}:${line}: ${reason}`, cause === undefined ? undefined : { cause })
    this.line = line
  }
}

/** A seed file that was read: its rows, and a way back from a row to its line. */
export interface SeedFile {
  readonly rows: SeedRows
  /** The error with the file and line of the row at fault. */
  locate(error: unknown, place: { readonly table: string; readonly index: number }): SeedFileError
}

/**
 * Reads the text of a seed file: a JSON object of tables, each a list of rows by their columns' logical names.
 * Comments are allowed. A choice may be given by its label, and a lookup that can refer to one table only by the bare
 * id. Rejects with a {@link SeedFileError} that names the line.
 *
 * @param file how errors call the file
 * @example { "account": [{ "accountid": "…", "name": "Fabrikam" }] }
 */
export async function parseSeedFile(text: string, file: string, tables: readonly TableDefinition[]): Promise<SeedFile> {
  // Loaded when needed: most tests seed in code, and importing the emulator is to be quick.
  const parser = await import('jsonc-parser')
  const rows = plainRows(text, tables)
  if (!rows) return readTree(parser, text, file, tables)
  let tree: SeedFile | undefined
  return {
    rows,
    locate(error, place) {
      tree ??= readTree(parser, text, file, tables)
      return tree.locate(error, place)
    },
  }
}

/**
 * The rows of a file that is JSON and in order, which most are: several times as fast, and in a fraction of the memory, as by
 * way of a tree. `undefined`: the tree will tell what is special about it, and where.
 */
function plainRows(text: string, tables: readonly TableDefinition[]): SeedRows | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (!isObject(parsed)) return undefined
    const fail = () => {
      throw new NotPlain()
    }
    const rows = Object.entries(parsed).map(([name, list]): [string, Row[]] => {
      const table = tables.find(({ logicalName }) => logicalName === name)
      if (!table || !Array.isArray(list) || isTwice(text, name)) return fail()
      return [name, list.map((row) => plainRow(table, row, fail))]
    })
    return Object.fromEntries(rows)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof NotPlain) return undefined
    throw error
  }
}

class NotPlain extends Error {}

/** Whether this may be the name of several members, of which `JSON.parse` gives the last only. */
function isTwice(text: string, name: string): boolean {
  const member = new RegExp(`"${name}"\\s*:`, 'g')
  member.exec(text)
  return member.exec(text) !== null
}

function plainRow(table: TableDefinition, row: unknown, fail: () => never): Row {
  if (!isObject(row)) return fail()
  let read = row as Row
  for (const name in row) {
    if (!Object.hasOwn(table.columns, name)) return fail()
    const value = row[name]
    if (
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).some((inner) => typeof inner === 'object')
    ) {
      return fail()
    }
    const known = readValue(table.columns[name]!, value, fail)
    if (known === value) continue
    if (read === row) read = { ...read }
    read[name] = known
  }
  return read
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads the file as a tree, whose nodes know where in the file they stand. */
function readTree(
  { parseTree, printParseErrorCode }: typeof import('jsonc-parser'),
  text: string,
  file: string,
  tables: readonly TableDefinition[],
): SeedFile {
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length
  const fail = (node: Node | undefined, reason: string): never => {
    throw new SeedFileError(file, lineOf(node?.offset ?? 0), reason)
  }
  if (text.trim() === '') throw new SeedFileError(file, 1, 'the file is empty. A seed file is an object of tables.')
  const deep = tooDeep(text)
  if (deep !== undefined) {
    throw new SeedFileError(file, lineOf(deep), `brackets stand deeper than ${MAX_DEPTH} in one another.`)
  }
  const errors: ParseError[] = []
  // A byte order mark is the editor's, not the author's.
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true })
  const [error] = errors
  if (error)
    throw new SeedFileError(file, lineOf(error.offset), `this is not JSON: ${printParseErrorCode(error.error)}`)
  if (root?.type !== 'object') return fail(root, 'a seed file is an object of tables, each a list of rows.')

  const rows: [string, Row[]][] = []
  const places = new Map<string, Node[]>()
  for (const property of root.children ?? []) {
    const [name, list] = property.children as [Node, Node]
    const table = tables.find(({ logicalName }) => logicalName === name.value)
    if (!table) return fail(name, `there is no table '${name.value}'.`)
    if (places.has(table.logicalName))
      return fail(name, `table '${name.value}' stands here twice: put its rows into one list.`)
    if (list.type !== 'array') return fail(list, `the rows of '${name.value}' are a list.`)
    const nodes = list.children ?? []
    rows.push([table.logicalName, nodes.map((node) => readRow(table, node, fail))])
    places.set(table.logicalName, nodes)
  }
  return {
    rows: Object.fromEntries(rows),
    locate(cause, { table, index }) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      const line = lineOf(places.get(table)?.[index]?.offset ?? 0)
      return new SeedFileError(file, line, `row ${index + 1} of '${table}': ${reason}`, cause)
    },
  }
}

/** Tables, rows, columns, and a reference in one: nothing real is deeper than a few. */
const MAX_DEPTH = 100

/** Where the text's brackets stand too deep in one another for a parser that calls itself. Texts and comments do not count. */
function tooDeep(text: string): number | undefined {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > MAX_DEPTH) return index
  }
  return undefined
}

type Fail = (node: Node, reason: string) => never

function readRow(table: TableDefinition, node: Node, fail: Fail): Row {
  if (node.type !== 'object') return fail(node, `a row of '${table.logicalName}' is an object of columns.`)
  const row: Row = {}
  for (const property of node.children ?? []) {
    const [key, value] = property.children as [Node, Node]
    const name = key.value as string
    if (!Object.hasOwn(table.columns, name)) return fail(key, `'${table.logicalName}' has no column '${name}'.`)
    row[name] = readValue(table.columns[name]!, toJson(value), (reason) => fail(value, `column '${name}': ${reason}`))
  }
  return row
}

function readValue(definition: ColumnDefinition, value: unknown, fail: (reason: string) => never): ColumnValue {
  if (definition.type === 'lookup' && isGuid(value)) {
    const [target, ...others] = definition.targets
    if (!target || others.length > 0) return fail('say which table it refers to: { "logicalName": …, "id": … }.')
    return { logicalName: target, id: value }
  }
  if ('options' in definition && typeof value === 'string') return optionOf(definition.options, value, fail)
  if (definition.type === 'multiChoice' && Array.isArray(value)) {
    return value.map((option) => (typeof option === 'string' ? optionOf(definition.options, option, fail) : option))
  }
  return value as ColumnValue
}

function optionOf(options: Readonly<Record<string, number>>, label: string, fail: (reason: string) => never): number {
  if (Object.hasOwn(options, label)) return options[label]!
  return fail(`'${label}' is not one of ${Object.keys(options).join(', ') || 'its labels: none are known'}.`)
}

function toJson(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(toJson)
  if (node.type !== 'object') return node.value
  return Object.fromEntries((node.children ?? []).map(({ children }) => [children![0]!.value, toJson(children![1]!)]))
}
