import { createHash } from 'node:crypto'

/** The id of a part of the schema: the same for the same name, in every run and every environment. */
export function metadataId(kind: string, name: string): string {
  const hex = createHash('sha1').update(`work365-sdk metadata ${kind} ${name}`).digest('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
