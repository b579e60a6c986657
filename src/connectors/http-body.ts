/** An answer's content: what it says, that it says nothing, or that it is not what was asked for. */
export type Decoded =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'empty'; readonly value: undefined }
  | { readonly kind: 'unreadable' }

/** Never throws: an HTML page or half an object is `unreadable`. A byte order mark is not content. */
export function decodeBody(bytes: Uint8Array, as: 'json' | 'text'): Decoded {
  const text = decodeText(bytes)
  if (text.trim() === '') return { kind: 'empty', value: undefined }
  if (as === 'text') return { kind: 'value', value: text }
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch {
    return { kind: 'unreadable' }
  }
}

export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
