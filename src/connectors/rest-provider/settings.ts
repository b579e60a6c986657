import type { ConnectorContext } from '../connector-context.ts'
import { field } from '../field.ts'
import { API_KEY_HEADER } from './wire.ts'

export const settings = {
  endpointUrl: field.url({ title: 'End Point URL', help: 'The base address of the API, without a route.' }),
  countryCode: field.text({
    title: 'Country Code',
    help: 'Two letters: the market of the price list.',
    pattern: '[A-Za-z]{2}',
  }),
  currencyCode: field.text({ title: 'Currency Code', help: 'Three letters.', pattern: '[A-Za-z]{3}' }),
}

export const credentials = {
  apiKey: field.secret({ title: 'Password', help: 'The secret shared with the API.', header: API_KEY_HEADER }),
}

export type RestProviderContext = ConnectorContext<typeof settings, typeof credentials>
