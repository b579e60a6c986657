/** Freezes a plain value and everything in it, so that a description can be shared without being copied. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
    Object.freeze(value)
    // Not by `Object.values`: every start freezes some ten thousand of these.
    for (const key in value) if (typeof value[key] === 'object') deepFreeze(value[key])
  }
  return value
}
