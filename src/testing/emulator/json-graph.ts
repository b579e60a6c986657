import { SnapshotError } from './snapshot-file.ts'

// The values that steps are handed are more than JSON can say: moments, bytes, `undefined`. Those are written as objects
// with one name that begins with `$`; an object of a caller's that looks like one is wrapped.

/** A value as JSON, so that {@link decodeGraph} brings it back. */
export function encodeGraph(value: unknown): unknown {
  if (value === undefined) return { $undefined: true }
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return { $date: value.toISOString() }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(encodeGraph)
  if (value instanceof Map) return { $map: [...value].map((entry) => entry.map(encodeGraph)) }
  if (value instanceof Set) return { $set: [...value].map(encodeGraph) }
  const encoded = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, encodeGraph(part)]))
  return isTagged(encoded) ? { $object: encoded } : encoded
}

const decoders: Readonly<Record<string, (content: never) => unknown>> = {
  $undefined: () => undefined,
  $bigint: (content: string) => BigInt(content),
  $number: (content: string) => Number(content),
  $date: (content: string) => new Date(content),
  $bytes: (content: string) => new Uint8Array(Buffer.from(content, 'base64')),
  $map: (content: readonly (readonly [unknown, unknown])[]) =>
    new Map(content.map(([key, value]) => [decodeGraph(key), decodeGraph(value)])),
  $set: (content: readonly unknown[]) => new Set(content.map(decodeGraph)),
  $object: (content: object) => decodeParts(content),
}

/** The value that {@link encodeGraph} has written. */
export function decodeGraph(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decodeGraph)
  if (!isTagged(value)) return decodeParts(value)
  const [[tag, content]] = Object.entries(value) as [[string, unknown]]
  if (!Object.hasOwn(decoders, tag)) {
    throw new SnapshotError('malformed', `The snapshot has a value of the kind '${tag}', which is not known.`)
  }
  return decoders[tag]!(content as never)
}

function decodeParts(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, decodeGraph(part)]))
}

function isTagged(value: object): boolean {
  const names = Object.keys(value)
  return names.length === 1 && names[0]!.startsWith('$')
}
