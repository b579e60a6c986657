import type { Connector } from '../connector.ts'
import { isPlainObject } from '../json.ts'
import type { Address, NewCustomer } from '../operations.ts'
import { WireError } from '../serving/read-model.ts'
import { Refused } from '../serving/refused.ts'
import type { Wire } from './models.ts'

interface SyncOption {
  readonly title: string
  readonly help: string
}

/** What a customer is asked for beyond his account, where the provider makes new customers. */
const ofNewCustomers = {
  domain: { title: 'Domain', help: 'The domain that the customer gets, or has, at the provider.' },
  registrationNumber: { title: 'Registration Number', help: 'Of the organization, where its country has one.' },
  country: { title: 'Country', help: 'Two letters, as ISO 3166 has them.' },
  addressLine1: { title: 'Address Line 1', help: 'Street and number.' },
  addressLine2: { title: 'Address Line 2', help: '' },
  city: { title: 'City', help: '' },
  region: { title: 'State', help: 'Or province, where the country has them.' },
  postalCode: { title: 'Postal Code', help: '' },
} as const satisfies Record<string, SyncOption>

const CUSTOMER_ID = 'customerId'

/** The synchronization options of a connector, as `Accounts/SyncOptions` tells them. */
export function syncOptionsOf({ title, customers }: Connector): Wire<'CustomFieldCollection'> {
  const canCreate = customers?.create !== undefined
  const options: Readonly<Record<string, SyncOption>> = {
    [CUSTOMER_ID]: { title: 'Customer Id', help: `The customer's id at ${title}, where there is one already.` },
    ...(canCreate && ofNewCustomers),
  }
  return {
    Fields: Object.entries(options).map(([ID, { title: Name, help: Description }], SortOrder) => ({
      ID,
      Definition: {
        ...{ ID, SortOrder, Name, Description: Description || null, Kind: 'SimpleValue', DataType: 'Text' },
        ...{ IsRequired: ID === CUSTOMER_ID && !canCreate, PredefinedValues: [], IsReadOnly: false },
        AvailableToStorefront: ID !== CUSTOMER_ID,
      },
    })),
  }
}

/** The options of an account that are filled in. */
export function readSyncOptions({ SyncOptions: given }: Wire<'AccountDefinition'>): ReadonlyMap<string, string> {
  if (given === undefined || given === null) return new Map()
  if (!isPlainObject(given)) throw new WireError('AccountDefinition.SyncOptions has to be an object.')
  return new Map(
    Object.entries(given).flatMap(([id, value]) =>
      value === null || value === '' ? [] : [[id, String(value)] as const],
    ),
  )
}

/** The provider's id of an account, as it was answered before or is entered now. */
export function customerIdOf(account: Wire<'AccountDefinition'>): string | undefined {
  return account.ExternalID || readSyncOptions(account).get(CUSTOMER_ID)
}

/** The customer that an account becomes at the provider. */
export function newCustomerOf(account: Wire<'AccountDefinition'>): NewCustomer {
  const { Name, Email, Language, ContactDetails } = account
  if (!Name) throw new Refused(400, 'AccountDefinition.Name is missing.')
  const options = readSyncOptions(account)
  const text = (value: string | null | undefined) => value || undefined
  return {
    name: Name,
    email: text(Email) ?? text(ContactDetails?.PrimaryEmail),
    domain: options.get('domain'),
    registrationNumber: options.get('registrationNumber'),
    language: text(Language),
    address: addressOf(options),
    contact: ContactDetails
      ? {
          firstName: text(ContactDetails.PrimaryFirstName),
          lastName: text(ContactDetails.PrimaryLastName),
          email: text(ContactDetails.PrimaryEmail) ?? text(Email),
          phone: text(ContactDetails.PrimaryPhone) ?? text(account.Phone),
        }
      : undefined,
  }
}

function addressOf(options: ReadonlyMap<string, string>): Address | undefined {
  const country = options.get('country')
  if (country === undefined) return undefined
  return {
    country,
    line1: options.get('addressLine1'),
    line2: options.get('addressLine2'),
    city: options.get('city'),
    region: options.get('region'),
    postalCode: options.get('postalCode'),
  }
}
