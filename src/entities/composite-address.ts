import { column } from './column.ts'

/** An address in one text, put together by Dataverse from its parts. */
export function compositeAddress(number: number) {
  const part = (name: string) => `address${number}_${name}`
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return column.calculated(column.memo({ label: `Address ${number}`, maxLength: 1000, standard: true }), {
    from: ['line1', 'line2', 'city', 'stateorprovince', 'postalcode', 'country'].map(part),
    calculate: (row) => {
      const region = [text(row[part('stateorprovince')]), text(row[part('postalcode')])].filter(Boolean).join(' ')
      const town = [text(row[part('city')]), region].filter(Boolean).join(', ')
      const lines = [text(row[part('line1')]), text(row[part('line2')]), town, text(row[part('country')])]
      return lines.filter(Boolean).join('\r\n') || null
    },
  })
}
