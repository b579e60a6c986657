import { isPlainObject } from '../json.ts'
import { WireError } from '../serving/read-model.ts'
import { readModel } from './wire.ts'

/**
 * What an `AttributeList` says, by the attributes' ids: the code of a value from a list, else the value. The vendor's models have
 * a dictionary, its documentation a list; both are read. What is empty is left out.
 */
export function readAttributes(list: unknown, at: string): ReadonlyMap<string, string> {
  if (list === undefined || list === null) return new Map()
  const entries = Array.isArray(list)
    ? list.map((one) => ['', one] as const)
    : isPlainObject(list) && Object.entries(list)
  if (!entries) throw new WireError(`${at} has to be an object or a list.`)
  return new Map(
    entries.flatMap(([key, content]) => {
      const { ID, Code, Value } = readModel('ServiceAttributeDefinition', content, `${at}.${key || 'attribute'}`)
      const id = ID || key
      const value = Code || Value
      return id && value ? [[id, value] as const] : []
    }),
  )
}
