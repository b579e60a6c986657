const ASCII = /^[\0-\x7f]*$/
const MARKS = /\p{M}/gu

/**
 * A string without what Dataverse's default collation ignores: case and accents. Equal folds are equal strings to
 * every operator, and folds sort the way rows do.
 */
export function fold(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : text.normalize('NFD').replace(MARKS, '').normalize('NFC').toLowerCase()
}
