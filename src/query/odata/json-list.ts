import type { ColumnValue } from '../../service/index.ts'
import { uriError } from './uri-error.ts'

const ITEM = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^'\\]*)'|(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(true|false))\s*/iy

/** The values of `PropertyValues=["a","b"]`. Single quotes are let pass, as the platform does. */
export function parseJsonList(text: string): ColumnValue[] {
  if (!text.startsWith('[')) throw uriError(`'${text}' is not a list: PropertyValues takes ["…","…"].`)
  const values: ColumnValue[] = []
  const end = text.length - 1
  let at = 1
  if (text.slice(1, end).trim() === '') return values
  for (;;) {
    ITEM.lastIndex = at
    const item = ITEM.exec(text)
    if (!item) throw uriError(`Invalid JSON. A value was expected at position ${at} in '${text}'.`)
    const [whole, double, single, number, boolean] = item
    if (double !== undefined) values.push(unescaped(double, text))
    else if (single !== undefined) values.push(single)
    else values.push(number === undefined ? boolean!.toLowerCase() === 'true' : Number(number))
    at += whole.length
    if (at === end) return values
    if (text[at] !== ',') {
      throw uriError(
        "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array and properties of an object must be separated by commas.",
      )
    }
    at++
  }
}

function unescaped(written: string, text: string): string {
  try {
    return JSON.parse(`"${written}"`)
  } catch {
    throw uriError(`Invalid JSON. '${written}' in '${text}' is not a text.`)
  }
}
