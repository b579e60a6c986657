/** Collects what comes into arrays of `size`. What came before a failure is handed on before the failure is. */
export async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[], void, void> {
  let chunk: T[] = []
  let failure: { readonly error: unknown } | undefined
  try {
    for await (const item of items) {
      chunk.push(item)
      if (chunk.length < size) continue
      yield chunk
      chunk = []
    }
  } catch (error) {
    failure = { error }
  }
  if (chunk.length > 0) yield chunk
  if (failure) throw failure.error
}
