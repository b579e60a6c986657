/** Freezes a plain value and everything in it, so that a description can be shared without being copied. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
    Object.freeze(value)
    for (const part of Object.values(value)) if (typeof part === 'object') deepFreeze(part)
  }
  return value
}
