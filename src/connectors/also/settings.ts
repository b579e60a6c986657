import type { ConnectorContext } from '../connector-context.ts'
import { field } from '../field.ts'

export const settings = {
  endpointUrl: field.url({
    title: 'End Point URL',
    help: 'The address of SimpleAPI in your country, up to the name of a method.',
  }),
  services: field.choice({
    title: 'Services',
    help: 'How SimpleAPI in your country takes orders: ServiceId with a list of fields, or ServiceName with fields by their names. Default: ServiceId.',
    of: ['ServiceId', 'ServiceName'],
    optional: true,
  }),
  referenceField: field.text({
    title: 'Reference Field',
    help: 'The id or name of a field that every service has and that may hold our reference. Without it, a lost purchase is found by its looks.',
    optional: true,
  }),
  terminationReason: field.text({
    title: 'Termination Reason',
    help: 'Told to ALSO with every cancellation. Default: Cancelled by the reseller.',
    optional: true,
  }),
  sessionMinutes: field.number({
    title: 'Session Minutes',
    help: 'How long a session is used before another one is asked for. Default: 20.',
    minimum: 2,
    integer: true,
    optional: true,
  }),
  lostOrders: field.choice({
    title: 'Lost Orders',
    help: 'What becomes of a purchase whose answer was lost and that is not found after 15 minutes. Default: ask a person.',
    of: ['ask', 'repeat'],
    optional: true,
  }),
}

export const credentials = {
  userName: field.text({ title: 'User Name', help: 'Of the user that SimpleAPI is called by.' }),
  password: field.secret({ title: 'Password' }),
}

export type AlsoContext = ConnectorContext<typeof settings, typeof credentials>
