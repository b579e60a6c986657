/**
 * JSON, written as text right away. Answers are made of very many short values whose types are known, and money has a
 * fixed number of decimals on the wire, which `JSON.stringify` cannot write.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/

/** A text in quotes. */
export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** A member of an object, or nothing. */
export function member(name: string, value: string | undefined): string {
  return value === undefined ? '' : `${quoted(name)}:${value}`
}

/** An object of members that are written already; empty ones are left out. */
export function objectOf(...members: readonly string[]): string {
  return `{${members.filter((text) => text !== '').join(',')}}`
}
