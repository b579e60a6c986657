import { column } from './column.ts'

/** The first address, as accounts and contacts have it. */
export const firstAddress = {
  address1_line1: column.text({ label: 'Address 1: Street 1', maxLength: 250, standard: true }),
  address1_line2: column.text({ label: 'Address 1: Street 2', maxLength: 250, standard: true }),
  address1_city: column.text({ label: 'Address 1: City', maxLength: 80, standard: true }),
  address1_stateorprovince: column.text({ label: 'Address 1: State/Province', maxLength: 50, standard: true }),
  address1_postalcode: column.text({ label: 'Address 1: ZIP/Postal Code', maxLength: 20, standard: true }),
  address1_country: column.text({ label: 'Address 1: Country/Region', maxLength: 80, standard: true }),
  address1_composite: compositeAddress(1),
}

/** An address in one text, put together by Dataverse from its parts. */
function compositeAddress(number: number) {
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
