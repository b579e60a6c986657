import { isPlainObject } from '../json.ts'

/** Property by property: a name of another model, `string`, `number`, `boolean`, `date`, `id`, `unknown`, or a list of one (`string[]`). */
export type ModelTable = Readonly<Record<string, Readonly<Record<string, string>>>>

/** A model of a table on the wire. What is not known is left out or `null`. */
export type WireOf<M extends ModelTable, N extends keyof M> = {
  -readonly [P in keyof M[N]]?: ValueOf<M, M[N][P]> | null
}

interface Scalars {
  string: string
  number: number
  boolean: boolean
  date: string
  id: string
  unknown: unknown
}

type ValueOf<M extends ModelTable, T> = T extends `${infer E}[]`
  ? ValueOf<M, E>[]
  : T extends keyof Scalars
    ? Scalars[T]
    : T extends keyof M
      ? WireOf<M, T>
      : never

/** Content that does not fit its model; each server and client answers it in its own way. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

/**
 * Reads models of a table, their property names in any case. Properties that the table lacks stay as they are. Numbers may
 * come as text, and an `id` as a number.
 *
 * @throws WireError when the content is of another type; the message names the property.
 */
export function createModelReader(models: ModelTable) {
  const byLowerCase = new Map(
    Object.entries(models).map(([model, properties]) => [
      model,
      new Map(Object.entries(properties).map(([name, type]) => [name.toLowerCase(), { name, type }])),
    ]),
  )

  function read(model: string, content: unknown, at: string = model): Record<string, unknown> {
    if (!isPlainObject(content)) throw new WireError(`${at} has to be an object.`)
    const properties = byLowerCase.get(model)!
    return Object.fromEntries(
      Object.entries(content).map(([given, value]) => {
        const known = properties.get(given.toLowerCase())
        return known ? [known.name, readValue(known.type, value, `${at}.${known.name}`)] : [given, value]
      }),
    )
  }

  function readValue(type: string, value: unknown, at: string): unknown {
    if (value === null || value === undefined) return null
    if (type === 'unknown') return value
    if (type.endsWith('[]')) {
      if (!Array.isArray(value)) throw new WireError(`${at} has to be an array.`)
      return value.map((part, index) => readValue(type.slice(0, -2), part, `${at}[${index}]`))
    }
    if (byLowerCase.has(type)) return read(type, value, at)
    if (type === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
      return Number(value)
    }
    if (type === 'id' && typeof value === 'number' && Number.isFinite(value)) return String(value)
    const wanted = type === 'date' || type === 'id' ? 'string' : type
    if (typeof value !== wanted) throw new WireError(`${at} has to be ${type === 'id' ? 'an' : 'a'} ${type}.`)
    return value
  }

  return read
}
