// The mechanism

export type { TableChange } from './change-table.ts'
export { changeTable } from './change-table.ts'
export type {
  AutonumberColumn,
  BehaviorName,
  BooleanColumn,
  Calculation,
  Cascade,
  CascadeBehavior,
  ChoiceColumn,
  ColumnDefinition,
  ColumnType,
  NumberColumn,
  Options,
  RequiredLevel,
  Rollup,
} from './column.ts'
export { behaviors, column } from './column.ts'
export type { ManyToMany, ManyToOne, TableDefinition, TableOptions } from './define-table.ts'
export { defineTable } from './define-table.ts'
export { intersectColumns } from './intersect-columns.ts'
export type { GlobalOptionSet, MetadataChange, MetadataStore } from './metadata-store.ts'
export type { Ownership } from './platform-columns.ts'
export type { States } from './states.ts'
export { activeInactive, canMove, defaultReason, labelOf, stateOfReason } from './states.ts'

// Choices that several tables share

export {
  billableStatus,
  changeType,
  channel,
  displayOnPortal,
  provisioningStatus,
  quantityReductionBehavior,
} from './choices.ts'

// All tables

export { standardTables } from './standard-tables.ts'
export { standardViews } from './standard-views.ts'
export { systemTables } from './system-tables.ts'
export { interworksTables, work365Tables } from './tables.ts'

// Tables of Dataverse

export { ActivityParty, participationType } from './activity-party.ts'
export { ActivityPointer } from './activity-pointer.ts'
export { Annotation } from './annotation.ts'
export { Appointment } from './appointment.ts'
export { AsyncOperation, operationType } from './async-operation.ts'
export { BackgroundOperation } from './background-operation.ts'
export { BusinessUnit } from './business-unit.ts'
export { Competitor } from './competitor.ts'
export { DeletedItemReference } from './deleted-item-reference.ts'
export { DuplicateRule } from './duplicate-rule.ts'
export { DuplicateRuleCondition } from './duplicate-rule-condition.ts'
export { Email } from './email.ts'
export { FieldPermission, fieldPermission } from './field-permission.ts'
export { FieldSecurityProfile } from './field-security-profile.ts'
export { FileAttachment } from './file-attachment.ts'
export { Incident } from './incident.ts'
export { IncidentResolution } from './incident-resolution.ts'
export { Lead } from './lead.ts'
export { Letter } from './letter.ts'
export { OpportunityClose } from './opportunity-close.ts'
export { Organization } from './organization.ts'
export { PhoneCall } from './phone-call.ts'
export { PluginTraceLog } from './plugin-trace-log.ts'
export { Position } from './position.ts'
export { PriceLevel } from './price-level.ts'
export { PrincipalObjectAccess } from './principal-object-access.ts'
export { Privilege } from './privilege.ts'
export { ProductPriceLevel } from './product-price-level.ts'
export { Publisher } from './publisher.ts'
export { Queue } from './queue.ts'
export { QueueItem } from './queue-item.ts'
export { QuoteDetail } from './quote-detail.ts'
export { Role } from './role.ts'
export { privilegeDepth, RolePrivileges } from './role-privileges.ts'
export { SavedQuery } from './saved-query.ts'
export { Solution } from './solution.ts'
export { SolutionComponent } from './solution-component.ts'
export { SystemUser } from './system-user.ts'
export { Task } from './task.ts'
export { Team, teamType } from './team.ts'
export { TransactionCurrency } from './transaction-currency.ts'
export { Uom } from './uom.ts'
export { UomSchedule } from './uom-schedule.ts'
export { UserQuery } from './user-query.ts'
export { UserSettings } from './user-settings.ts'

// Tables of Work 365, and those that it extends, with their own choices

export { Account } from './account.ts'
export { Contact, portalRole } from './contact.ts'
export { Invoice } from './invoice.ts'
export { InvoiceDetail } from './invoice-detail.ts'
export { Opportunity } from './opportunity.ts'
export { billingType, Product, purchaseType } from './product.ts'
export { Quote } from './quote.ts'
export { SalesOrder } from './sales-order.ts'
export { SalesOrderDetail } from './sales-order-detail.ts'
export { Agreement } from './work365-agreement.ts'
export { AgreementTemplate } from './work365-agreement-template.ts'
export {
  BillingContract,
  billingFrequency,
  contractLanguage,
  contractType,
  processRefunds,
} from './work365-billing-contract.ts'
export { Configuration } from './work365-configuration.ts'
export { Job, jobType, ourJobTypes } from './work365-job.ts'
export { LicenseChangeLog } from './work365-license-change-log.ts'
export { NonRecurringItem, reservationScope } from './work365-non-recurring-item.ts'
export { PaymentProcessor } from './work365-payment-processor.ts'
export { PaymentProfile } from './work365-payment-profile.ts'
export { consentStatus, Provider, providerConnector, providerType } from './work365-provider.ts'
export { ProviderAccount, syncStatus } from './work365-provider-account.ts'
export { ScheduledLicenseChangeLog, subscriptionEvent } from './work365-scheduled-license-change-log.ts'
export { invoicingRollupType, TimeService } from './work365-service.ts'
export { billAt, changeEffective, provisioningFrequency, refundOption, Subscription } from './work365-subscription.ts'
export { rateCardType, TieredRateCard } from './work365-tiered-rate-card.ts'

// Tables of interworks.cloud

export {
  InterworksCustomerRequest,
  requestExecution,
  requestKind,
  requestStatus,
} from './interworks-customer-request.ts'
export { executionMode, InterworksOrder } from './interworks-order.ts'
export { deliveryStatus, InterworksOrderItem } from './interworks-order-item.ts'
export { InterworksOrderStatus, orderStatusType, storefrontType } from './interworks-order-status.ts'
export { InterworksProduct } from './interworks-product.ts'
export { InterworksProductType } from './interworks-product-type.ts'
export { InterworksProductUpgrade } from './interworks-product-upgrade.ts'
