import { type ColumnDefinition, column } from './column.ts'

const text = (label: string, maxLength: number) => column.text({ label, maxLength, standard: true })
const phone = (label: string) => column.text({ label, maxLength: 50, format: 'phone', standard: true })
const degrees = (label: string, most: number) =>
  column.float({ label, min: -most, max: most, precision: 5, standard: true })

/** What every address is made of. */
const parts = {
  addressid: column.uniqueIdentifier({ label: 'ID', standard: true }),
  name: text('Name', 200),
  primarycontactname: text('Primary Contact Name', 100),
  line1: text('Street 1', 250),
  line2: text('Street 2', 250),
  line3: text('Street 3', 250),
  city: text('City', 80),
  county: text('County', 50),
  stateorprovince: text('State/Province', 50),
  postalcode: text('ZIP/Postal Code', 20),
  postofficebox: text('Post Office Box', 20),
  country: text('Country/Region', 80),
  telephone1: phone('Telephone 1'),
  telephone2: phone('Telephone 2'),
  telephone3: phone('Telephone 3'),
  fax: text('Fax', 50),
  latitude: degrees('Latitude', 90),
  longitude: degrees('Longitude', 180),
  upszone: text('UPS Zone', 4),
  utcoffset: column.integer({ label: 'UTC Offset', min: -1500, max: 1500, standard: true }),
}

/**
 * The first address, as accounts and contacts have it.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/account
 */
export const firstAddress = address(1, {
  ...parts,
  addresstypecode: column.choice({
    label: 'Address Type',
    options: { 'Bill To': 1, 'Ship To': 2, Primary: 3, Other: 4 },
    standard: true,
  }),
  freighttermscode: column.choice({ label: 'Freight Terms', options: { FOB: 1, 'No Charge': 2 }, standard: true }),
  shippingmethodcode: column.choice({
    label: 'Shipping Method',
    options: { Airborne: 1, DHL: 2, FedEx: 3, UPS: 4, 'Postal Mail': 5, 'Full Load': 6, 'Will Call': 7 },
    standard: true,
  }),
})

const unspecified = (label: string) =>
  column.choice({ label, options: { 'Default Value': 1 }, default: 1, standard: true })

/** The second address: its choices have no options to speak of. */
export const secondAddress = address(2, {
  ...parts,
  addresstypecode: unspecified('Address Type'),
  freighttermscode: unspecified('Freight Terms'),
  shippingmethodcode: unspecified('Shipping Method'),
})

/** The columns of an address, called after its number. */
function address<const N extends 1 | 2, P extends Readonly<Record<string, ColumnDefinition>>>(number: N, parts: P) {
  const columns = Object.entries(parts).map(([name, definition]) => [
    `address${number}_${name}`,
    { ...definition, label: `Address ${number}: ${definition.label}` },
  ])
  return {
    ...Object.fromEntries(columns),
    [`address${number}_composite`]: compositeAddress(number),
  } as { readonly [K in keyof P & string as `address${N}_${K}`]: P[K] } & {
    readonly [K in 'composite' as `address${N}_${K}`]: ReturnType<typeof compositeAddress>
  }
}

/** An address in one text, put together by Dataverse from its parts. */
function compositeAddress(number: number) {
  const part = (name: string) => `address${number}_${name}`
  const [line1, line2, line3] = [part('line1'), part('line2'), part('line3')] as const
  const [city, state, postalCode, country] = [
    part('city'),
    part('stateorprovince'),
    part('postalcode'),
    part('country'),
  ]
  const joined = (separator: string, ...texts: unknown[]) => texts.filter(Boolean).join(separator)
  return column.calculated(column.memo({ label: `Address ${number}`, maxLength: 1000, standard: true }), {
    from: [line1, line2, line3, city, state, postalCode, country],
    calculate(row) {
      const town = joined(', ', row[city], joined(' ', row[state], row[postalCode]))
      return joined('\r\n', row[line1], row[line2], row[line3], town, row[country]) || null
    },
  })
}
