import { ProviderError } from '../provider-error.ts'

/** Ids of CloudBlue are whole numbers of 32 bits. */
export const isId = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 31

/** The id as it is sent. @throws ProviderError `notFound` for what cannot be one */
export function idOf(what: string, text: string): number {
  if (isId(text)) return Number(text)
  throw new ProviderError('notFound', `CloudBlue has no ${what} ${text}: its ids are whole numbers.`)
}
