import { ProviderError } from '../provider-error.ts'

const MOST = 2 ** 31 - 1

/** @throws ProviderError `quantityInvalid` for what cannot be a limit. None of it would take it away, and `-1` all of them. */
export function refuseQuantity(quantity: number): void {
  if (quantity <= 0) {
    throw new ProviderError('quantityInvalid', 'CloudBlue keeps at least one: cancel the subscription instead.')
  }
  if (!Number.isInteger(quantity) || quantity > MOST) {
    throw new ProviderError('quantityInvalid', `CloudBlue takes whole numbers up to ${MOST}, and not ${quantity}.`)
  }
}
