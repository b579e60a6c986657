import { type DataverseError, dataverseError, type ErrorName, errorCodes } from '../../service/index.ts'
import type { XmlElement } from './xml-element.ts'

/** Errors of the platform whose text has nothing to fill in. */
type PlainError = {
  [N in ErrorName]: keyof Parameters<typeof dataverseError<N>>[1] extends never ? N : never
}[ErrorName]

export function malformed(element: XmlElement, reason: string): DataverseError {
  return dataverseError('InvalidFetchXml', { reason: `${reason} (line ${element.line}, column ${element.column})` })
}

/** The platform's error, with the place in the text after its own words. */
export function errorAt({ name, line, column }: XmlElement, error: PlainError): DataverseError {
  const message = `${errorCodes[error].message} (<${name}> at line ${line}, column ${column})`
  return dataverseError(error, {} as never, { message })
}

/** Refuses attributes that FetchXML does not have here. */
export function checkAttributes(element: XmlElement, known: readonly string[]): void {
  for (const name of element.attributes.keys()) {
    if (!known.includes(name)) throw malformed(element, `<${element.name}> has no attribute '${name}'.`)
  }
}

export function required(element: XmlElement, name: string): string {
  const value = element.attributes.get(name)
  if (value === undefined || value === '') throw malformed(element, `<${element.name}> needs the attribute '${name}'.`)
  return value
}

/** A truth value as FetchXML writes it; `undefined` where the attribute is missing. */
export function booleanOf(
  element: XmlElement,
  name: string,
  wrong: () => DataverseError = () =>
    malformed(element, `The only valid values for ${name} attribute are 'true', 'false', '1', and '0'.`),
): boolean | undefined {
  const text = element.attributes.get(name)
  if (text === undefined) return undefined
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw wrong()
}

/** A whole number above 0; `undefined` where the attribute is missing. */
export function numberOf(
  element: XmlElement,
  name: string,
  wrong: () => DataverseError = () => malformed(element, `'${name}' has to be a whole number above 0.`),
): number | undefined {
  const text = element.attributes.get(name)
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw wrong()
  return Number(text)
}
