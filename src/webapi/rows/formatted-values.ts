import { type ColumnDefinition, labelOf } from '../../entities/index.ts'
import type { ColumnValue, EntityReference } from '../../service/index.ts'

/** How a user reads numbers and times. */
export interface UserSettings {
  /** A BCP 47 language tag. Default `'en-US'`. */
  readonly locale?: string
  /** A name of the IANA database. Default `'UTC'`. */
  readonly timeZone?: string
}

/** What writing money takes: which symbol, and how many decimals. */
export interface Currency {
  readonly symbol: string
  readonly precision: number
}

/** Whether a column keeps an amount in the organization's currency, whatever that of its row. */
export function isInBaseCurrency(column: string): boolean {
  return column.endsWith('_base')
}

/** Writes values as a person reads them. */
export interface Formats {
  /** `undefined` for values that have no other form, such as texts and ids. */
  format(definition: ColumnDefinition, value: ColumnValue, currency: Currency | undefined): string | undefined
}

const formats = new Map<string, Formats>()

/**
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns#formatted-values
 */
export function formatsFor({ locale = 'en-US', timeZone = 'UTC' }: UserSettings = {}): Formats {
  const key = `${locale} ${timeZone}`
  let known = formats.get(key)
  if (!known) {
    known = createFormats(locale, timeZone)
    formats.set(key, known)
  }
  return known
}

function createFormats(locale: string, timeZone: string): Formats {
  const numbers = Array.from({ length: 13 }, () => undefined as Intl.NumberFormat | undefined)
  const number = (value: number, decimals: number) => {
    numbers[decimals] ??= new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    })
    return numbers[decimals].format(value)
  }
  const dayParts = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const timeParts = { timeStyle: 'short' } as const
  const formatter = (parts: Intl.DateTimeFormatOptions, zone: string) => {
    let made: Intl.DateTimeFormat | undefined
    return (moment: Date) => {
      made ??= new Intl.DateTimeFormat(locale, { ...parts, timeZone: zone })
      // Newer versions of ICU put a narrow space before AM and PM; Dataverse a plain one.
      return made.format(moment).replaceAll('\u202f', ' ')
    }
  }
  const [day, time] = [formatter(dayParts, timeZone), formatter(timeParts, timeZone)]
  const [utcDay, utcTime] = [formatter(dayParts, 'UTC'), formatter(timeParts, 'UTC')]

  return {
    format(definition, value, currency) {
      if (value === null) return undefined
      switch (definition.type) {
        case 'choice':
        case 'state':
        case 'status':
          return labelOf(definition.options, value as number)
        case 'multiChoice': {
          const labels = (value as readonly number[]).map((option) => labelOf(definition.options, option))
          return labels.length === 0 || labels.includes(undefined) ? undefined : labels.join('; ')
        }
        case 'boolean':
          return value === true ? definition.trueLabel : definition.falseLabel
        case 'lookup':
          return (value as EntityReference).name
        case 'integer':
        case 'bigint':
          return number(value as number, 0)
        case 'decimal':
        case 'float':
          return number(value as number, Math.min(definition.precision, 12))
        case 'money':
          return moneyText(value as number, currency, number)
        case 'dateTime': {
          const moment = value as Date
          return definition.behavior === 'userLocal'
            ? `${day(moment)} ${time(moment)}`
            : `${utcDay(moment)} ${utcTime(moment)}`
        }
        case 'dateOnly':
          return utcDay(new Date(`${value as string}T00:00:00Z`))
        default:
          return undefined
      }
    },
  }
}

/** The symbol stands before the number, a minus before the symbol. Without a currency there is the number alone. */
function moneyText(
  value: number,
  currency: Currency | undefined,
  number: (value: number, decimals: number) => string,
): string {
  const text = number(Math.abs(value), currency?.precision ?? 2)
  return `${value < 0 ? '-' : ''}${currency?.symbol ?? ''}${text}`
}
