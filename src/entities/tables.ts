import { Account } from './account.ts'
import { Contact } from './contact.ts'
import type { TableDefinition } from './define-table.ts'
import { InterworksCustomerRequest } from './interworks-customer-request.ts'
import { InterworksOrder } from './interworks-order.ts'
import { InterworksOrderItem } from './interworks-order-item.ts'
import { InterworksOrderStatus } from './interworks-order-status.ts'
import { InterworksProduct } from './interworks-product.ts'
import { InterworksProductType } from './interworks-product-type.ts'
import { InterworksProductUpgrade } from './interworks-product-upgrade.ts'
import { Invoice } from './invoice.ts'
import { InvoiceDetail } from './invoice-detail.ts'
import { Opportunity } from './opportunity.ts'
import { Product } from './product.ts'
import { Quote } from './quote.ts'
import { SalesOrder } from './sales-order.ts'
import { SalesOrderDetail } from './sales-order-detail.ts'
import { Agreement } from './work365-agreement.ts'
import { AgreementTemplate } from './work365-agreement-template.ts'
import { BillingContract } from './work365-billing-contract.ts'
import { Configuration } from './work365-configuration.ts'
import { Job } from './work365-job.ts'
import { LicenseChangeLog } from './work365-license-change-log.ts'
import { NonRecurringItem } from './work365-non-recurring-item.ts'
import { PaymentProcessor } from './work365-payment-processor.ts'
import { PaymentProfile } from './work365-payment-profile.ts'
import { Provider } from './work365-provider.ts'
import { ProviderAccount } from './work365-provider-account.ts'
import { ScheduledLicenseChangeLog } from './work365-scheduled-license-change-log.ts'
import { TimeService } from './work365-service.ts'
import { Subscription } from './work365-subscription.ts'
import { TieredRateCard } from './work365-tiered-rate-card.ts'

/** The tables of Work 365, and those of Dataverse and Dynamics 365 Sales that it extends or refers to. */
export const work365Tables: readonly TableDefinition[] = Object.freeze([
  Configuration,
  Account,
  Contact,
  Product,
  Provider,
  ProviderAccount,
  BillingContract,
  Subscription,
  LicenseChangeLog,
  ScheduledLicenseChangeLog,
  NonRecurringItem,
  Job,
  AgreementTemplate,
  Agreement,
  TieredRateCard,
  TimeService,
  PaymentProcessor,
  PaymentProfile,
  Invoice,
  InvoiceDetail,
  Opportunity,
  Quote,
  SalesOrder,
  SalesOrderDetail,
])

/** The tables of interworks.cloud around orders and customer requests. No source prints their names: all are this package's own. */
export const interworksTables: readonly TableDefinition[] = Object.freeze([
  InterworksProductType,
  InterworksProduct,
  InterworksProductUpgrade,
  InterworksOrderStatus,
  InterworksOrder,
  InterworksOrderItem,
  InterworksCustomerRequest,
])
