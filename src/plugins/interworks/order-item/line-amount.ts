import { amountOf } from '../amounts.ts'
import type { OrderItem } from './read-items.ts'

/** Quantity times unit price; nothing as long as there is no price. */
export function lineAmount({ quantity, unitPrice }: Pick<OrderItem, 'quantity' | 'unitPrice'>): number {
  return unitPrice === null ? 0 : amountOf(quantity, unitPrice)
}
