const known = new WeakSet<object>()

/** Whether a value and everything in it is frozen, so that it will be tomorrow what it is now. Dates count as values. */
export function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Date || known.has(value)) return true
  if (!Object.isFrozen(value) || !Object.values(value).every(isDeepFrozen)) return false
  known.add(value)
  return true
}
