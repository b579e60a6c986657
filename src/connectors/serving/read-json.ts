import { Refused } from './refused.ts'

/** No model of the contract nests deeper than four; the rest is room for what a provider adds. */
const MOST_DEPTH = 32

/** The value of a JSON text; `null` of an empty one. @throws Refused when it is none, or nests too deep. */
export function readJson(text: string): unknown {
  if (text.trim() === '') return null
  if (depthOf(text) > MOST_DEPTH) throw new Refused(400, `The body nests more than ${MOST_DEPTH} deep.`)
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new Refused(400, 'The body is not JSON.')
  }
}

/** Told from the text, because what nests too deep would have to be walked by recursion later. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const mark = text[at]
    if (mark === '"') isInText = !isInText
    else if (isInText && mark === '\\') at++
    else if (!isInText && (mark === '[' || mark === '{')) deepest = Math.max(deepest, ++depth)
    else if (!isInText && (mark === ']' || mark === '}')) depth--
  }
  return deepest
}
