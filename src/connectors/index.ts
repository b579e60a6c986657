export type { TransportOptions } from '../internal/http-transport.ts'
export { XmlElement } from '../internal/xml.ts'
export type { AccessToken, AccessTokenRequest, GivenToken } from './access-token.ts'
export type { AlsoOptions } from './also/create-also.ts'
export { createAlso } from './also/create-also.ts'
export { builtInConnectors } from './built-in-connectors.ts'
export type {
  AutoRenewChange,
  BillingCycle,
  CancelChange,
  Change,
  ChangeKind,
  CreateChange,
  CustomerRef,
  PauseChange,
  ProductRef,
  QuantityChange,
  RenewalChange,
  ResumeChange,
  SubscriptionRef,
  TransitionChange,
} from './change.ts'
export { changeKinds, describeChange } from './change.ts'
export type { CloudBlueOptions } from './cloudblue/create-cloudblue.ts'
export { createCloudBlue } from './cloudblue/create-cloudblue.ts'
export type { Capability, Connector, ConnectorOptions } from './connector.ts'
export { defineConnector } from './connector.ts'
export type { ConnectorContext, ConnectorContextOptions } from './connector-context.ts'
export { createConnectorContext } from './connector-context.ts'
export { doNothing } from './do-nothing/do-nothing.ts'
export type { Field, FieldMap, FieldType, ValuesOf } from './field.ts'
export { field } from './field.ts'
export type { Http, HttpMethod, HttpOptions, HttpResponse } from './http.ts'
export type { Classify, Meaning, Refused } from './http-failure.ts'
export type { Json } from './json.ts'
export type { JsonSchema } from './json-schema.ts'
export type { Limiter, Limits } from './limiter.ts'
export { createLimiter } from './limiter.ts'
export type { LinkedSubscriptionOptions } from './linked-subscription/linked-subscription.ts'
export { createLinkedSubscription } from './linked-subscription/linked-subscription.ts'
export type { Log } from './log.ts'
export { manual } from './manual/manual.ts'
export type {
  Acceptance,
  Address,
  AddressReport,
  AgreementOperations,
  AgreementTemplate,
  BillingOperations,
  CatalogOperations,
  CatalogProduct,
  ConnectivityFinding,
  ConnectivityReport,
  Contact,
  CreatedCustomer,
  CustomerOperations,
  EventOperations,
  EventRegistration,
  InvoiceLine,
  ItemOperations,
  ItemOutcome,
  ItemPurchase,
  NewCustomer,
  Preview,
  ProviderEvent,
  ReceivedEvent,
  Refusal,
  RemoteAgreement,
  RemoteCustomer,
  RemoteInvoice,
  RemoteItem,
  UsageLine,
} from './operations.ts'
export type {
  Accepted,
  Done,
  NeedsPerson,
  NotApplicable,
  Outcome,
  RemoteStatus,
  RemoteSubscription,
} from './outcome.ts'
export { accepted, done, needsPerson, notApplicable } from './outcome.ts'
export type { PageRequest, PagesOptions } from './pages.ts'
export { pages } from './pages.ts'
export type { PartnerCenterOptions } from './partner-center/create-partner-center.ts'
export { createPartnerCenter } from './partner-center/create-partner-center.ts'
export { path } from './path.ts'
export type { Pax8Options } from './pax8/create-pax8.ts'
export { createPax8 } from './pax8/create-pax8.ts'
export { printConnector } from './print-connector.ts'
export type { ProviderErrorDetails } from './provider-error.ts'
export { ProviderError } from './provider-error.ts'
export type {
  PublishedCapability,
  PublishedCapabilityName,
  PublishedProvider,
  PublishedSupport,
} from './published-capabilities.ts'
export { publishedCapabilities, publishedProviders } from './published-capabilities.ts'
export type { Redact } from './redaction.ts'
export type { RestProviderOptions } from './rest-provider/create-rest-provider.ts'
export { createRestProvider } from './rest-provider/create-rest-provider.ts'
export type { ServeRestProviderOptions } from './rest-provider/server/serve-rest-provider.ts'
export { serveRestProvider } from './rest-provider/server/serve-rest-provider.ts'
export type { FailureCode, Retry, RetryRule } from './retry-table.ts'
export { retryTable } from './retry-table.ts'
export {
  applyChange,
  askConnector,
  listFromConnector,
  previewChange,
  resumeChange,
  verifyConnectivity,
} from './run-connector.ts'
export type { ServiceManagementRegistration } from './service-management/registration.ts'
export { serviceManagementRegistration } from './service-management/registration.ts'
export type {
  ServeServiceManagementOptions,
  ServiceManagementServer,
} from './service-management/serve-service-management.ts'
export { serveServiceManagement } from './service-management/serve-service-management.ts'
export type {
  ConnectorServer,
  ConnectorServerListenOptions,
  ServeConnectorOptions,
} from './serving/connector-server.ts'
export type { ConnectionState } from './state.ts'
export { memoryState } from './state.ts'
export { validateCredentials, validateSettings } from './validate-settings.ts'
