import { deepFreeze } from '../../internal/freeze.ts'
import type { WireOf } from '../serving/read-model.ts'

const result = { Code: 'number', Message: 'string', Result: 'string' } as const

/**
 * The models that travel between interworks.cloud and a service manager, as data, by the names of the vendor's published
 * models. Names are read in any case and written like this; the platform sends more properties, which are not looked at.
 *
 * @see https://developers.interworks.cloud/category/service-management/implementation-guide
 * @see https://github.com/interworkscloud/ServiceManagementAPI-SDK-Code-Examples
 */
export const models = deepFreeze({
  ServiceDefinition: {
    ID: 'id',
    SubscriptionID: 'id',
    Name: 'string',
    ServiceType: 'string',
    ProductID: 'id',
    ActionType: 'unknown',
    Quantity: 'number',
    Account: 'AccountDefinition',
    AttributeList: 'unknown',
    Addons: 'AddonDefinition[]',
    CheckOnly: 'unknown',
  },
  AddonDefinition: {
    ID: 'id',
    Name: 'string',
    ProductID: 'id',
    ActionType: 'unknown',
    Quantity: 'number',
    AttributeList: 'unknown',
  },
  ServiceAttributeDefinition: { ID: 'id', Name: 'string', Value: 'id', Code: 'id', QuantityLinked: 'unknown' },
  AccountDefinition: {
    ID: 'id',
    ExternalID: 'id',
    Name: 'string',
    Email: 'string',
    Phone: 'string',
    Language: 'string',
    SyncOptions: 'unknown',
    ContactDetails: 'ContactDefinition',
  },
  ContactDefinition: {
    PrimaryFirstName: 'string',
    PrimaryLastName: 'string',
    PrimaryPhone: 'string',
    PrimaryEmail: 'string',
  },
  ResultDefinition: result,
  AccountResultDefinition: { ...result, ResultUser: 'string', GeneratedPassword: 'string' },
  ServiceResultDefinition: { ...result, ServiceIDs: 'string[]' },
  FieldCollection: { Fields: 'Field[]' },
  Field: { ID: 'string', RawValue: 'unknown', Definition: 'FieldDefinition' },
  FieldDefinition: {
    ID: 'string',
    SortOrder: 'number',
    Name: 'string',
    Description: 'string',
    Kind: 'string',
    IsRequired: 'boolean',
    PredefinedValues: 'unknown',
  },
  CustomFieldCollection: { Fields: 'CustomField[]' },
  CustomField: { ID: 'string', Definition: 'CustomFieldDefinition' },
  CustomFieldDefinition: {
    ID: 'string',
    SortOrder: 'number',
    Name: 'string',
    Description: 'string',
    Kind: 'string',
    DataType: 'string',
    IsRequired: 'boolean',
    PredefinedValues: 'ValueDefinition[]',
    IsReadOnly: 'boolean',
    AvailableToStorefront: 'boolean',
  },
  ValueDefinition: { ID: 'string', SortOrder: 'number', Name: 'string' },
  ProductTypeCollection: { ProductTypes: 'ProductTypeDefinition[]' },
  ProductTypeDefinition: {
    ID: 'string',
    Name: 'string',
    Description: 'string',
    Derivative: 'string',
    AttributeList: 'AttributeDefinition[]',
    ProductsCollection: 'ProductsCollection',
  },
  AttributeDefinition: {
    ID: 'string',
    SortOrder: 'number',
    Name: 'string',
    Description: 'string',
    Kind: 'string',
    Usage: 'string',
    IsRequired: 'boolean',
  },
  ProductsCollection: { Products: 'Product[]' },
  Product: {
    ID: 'string',
    Code: 'string',
    Name: 'string',
    UnitBillingCycles: 'string[]',
    Attributes: 'Attribute[]',
    Prices: 'PriceDefinition[]',
  },
  Attribute: { ID: 'string', Values: 'string[]' },
  PriceDefinition: { Currency: 'string', Units: 'UnitDefinition[]' },
  UnitDefinition: { BillingCycle: 'string', Cost: 'number', Price: 'number' },
} as const)

export type ModelName = keyof typeof models

/** A model on the wire. */
export type Wire<N extends ModelName> = WireOf<typeof models, N>
