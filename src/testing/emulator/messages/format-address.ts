import type { EmulatedMessage } from './message.ts'

const parts = ['Line1', 'City', 'StateOrProvince', 'PostalCode', 'Country'] as const
type Address = Readonly<Partial<Record<(typeof parts)[number], string>>>

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/formataddress */
export const formatAddress: EmulatedMessage<Address> = {
  name: 'FormatAddress',
  parameters: Object.fromEntries(parts.map((part) => [part, { type: 'String', optional: true } as const])),
  handle: (_call, { Line1, City, StateOrProvince, PostalCode, Country }) => ({
    message: 'FormatAddress',
    table: null,
    id: null,
    target: {},
    readOnly: true,
    main() {
      const region = [StateOrProvince, PostalCode].filter(Boolean).join(' ')
      const town = [City, region].filter(Boolean).join(', ')
      return { Address: [Line1, town, Country].filter(Boolean).join('\r\n') }
    },
  }),
}
