import { ERROR_ANNOTATIONS } from './failure.ts'

/**
 * The `Prefer` header: annotations of rows and of errors, and further preferences.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#prefer-headers
 */
export function prefer(annotations?: string, ...preferences: readonly (string | undefined)[]): Record<string, string> {
  const names = annotations === undefined ? ERROR_ANNOTATIONS : `${annotations},${ERROR_ANNOTATIONS}`
  const all = [`odata.include-annotations="${names}"`, ...preferences.filter((preference) => preference !== undefined)]
  return { Prefer: all.join(',') }
}
