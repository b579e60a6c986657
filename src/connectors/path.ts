import { ProviderError } from './provider-error.ts'

/**
 * A path whose inserted parts are encoded, so that no id can reach another route.
 *
 * @throws ProviderError `invalid` for an empty part, `.` or `..`, which would name another path.
 * @example await http.get(path`/customers/${customer.id}/subscriptions`)
 */
export function path(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return texts.reduce((before, text, index) => `${before}${segment(String(parts[index - 1]))}${text}`)
}

function segment(part: string): string {
  if (part === '' || part === '.' || part === '..') {
    throw new ProviderError('invalid', `${JSON.stringify(part)} cannot be an id at the provider.`)
  }
  return encodeURIComponent(part)
}
