import { isDay } from '../../../internal/date-text.ts'
import { refusal } from '../refusal.ts'

/** The day that an operator or a customer picks; refuses what is not one. */
export function checkStartDate(startDate: string | undefined): string | undefined {
  if (startDate === undefined || isDay(startDate)) return startDate
  throw refusal('I16', `The start date (StartDate) is '${startDate}'.`, "Give a day as 'YYYY-MM-DD'.")
}
