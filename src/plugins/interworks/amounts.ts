/** Digits after the point of a quantity, and of money. */
const QUANTITY_DIGITS = 2
const MONEY_DIGITS = 4

/** Quantity times unit price, rounded to the precision of money, without the dust of floating point. */
export function amountOf(quantity: number, unitPrice: number): number {
  const product = toUnits(quantity, QUANTITY_DIGITS) * toUnits(unitPrice, MONEY_DIGITS)
  return fromUnits(divideRounding(product, 10n ** BigInt(QUANTITY_DIGITS)), MONEY_DIGITS)
}

/** The sum of amounts, exactly. */
export function sumOf(amounts: readonly number[]): number {
  return fromUnits(
    amounts.reduce((sum, amount) => sum + toUnits(amount, MONEY_DIGITS), 0n),
    MONEY_DIGITS,
  )
}

/** One quantity less another, exactly. */
export function quantityLess(quantity: number, other: number): number {
  return fromUnits(toUnits(quantity, QUANTITY_DIGITS) - toUnits(other, QUANTITY_DIGITS), QUANTITY_DIGITS)
}

/** A number as a whole number of its smallest units. */
function toUnits(value: number, digits: number): bigint {
  return BigInt(value.toFixed(digits).replace('.', ''))
}

function fromUnits(units: bigint, digits: number): number {
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0')
  const value = Number(`${text.slice(0, -digits)}.${text.slice(-digits)}`)
  return units < 0n ? -value : value
}

/** Halves go away from zero, as on invoices. */
function divideRounding(dividend: bigint, divisor: bigint): bigint {
  const half = divisor / 2n
  return (dividend < 0n ? dividend - half : dividend + half) / divisor
}
