import { Account } from './account.ts'
import { ActivityParty } from './activity-party.ts'
import { ActivityPointer } from './activity-pointer.ts'
import { Annotation } from './annotation.ts'
import { Appointment } from './appointment.ts'
import { Competitor } from './competitor.ts'
import { Contact } from './contact.ts'
import type { TableDefinition } from './define-table.ts'
import { DuplicateRule } from './duplicate-rule.ts'
import { DuplicateRuleCondition } from './duplicate-rule-condition.ts'
import { Email } from './email.ts'
import { Incident } from './incident.ts'
import { IncidentResolution } from './incident-resolution.ts'
import { Invoice } from './invoice.ts'
import { InvoiceDetail } from './invoice-detail.ts'
import { Lead } from './lead.ts'
import { Letter } from './letter.ts'
import { Opportunity } from './opportunity.ts'
import { OpportunityClose } from './opportunity-close.ts'
import { PhoneCall } from './phone-call.ts'
import { PluginTraceLog } from './plugin-trace-log.ts'
import { Product } from './product.ts'
import { Publisher } from './publisher.ts'
import { Queue } from './queue.ts'
import { QueueItem } from './queue-item.ts'
import { Quote } from './quote.ts'
import { QuoteDetail } from './quote-detail.ts'
import { SalesOrder } from './sales-order.ts'
import { SalesOrderDetail } from './sales-order-detail.ts'
import { SavedQuery } from './saved-query.ts'
import { Solution } from './solution.ts'
import { SolutionComponent } from './solution-component.ts'
import { systemTables } from './system-tables.ts'
import { Task } from './task.ts'
import { UserQuery } from './user-query.ts'

/** Dataverse's own tables and those of Dynamics 365 Sales and Customer Service, with the columns that samples use. */
export const standardTables: readonly TableDefinition[] = Object.freeze([
  ...systemTables,
  Account,
  Contact,
  Lead,
  Competitor,
  Opportunity,
  Product,
  Quote,
  QuoteDetail,
  SalesOrder,
  SalesOrderDetail,
  Invoice,
  InvoiceDetail,
  Incident,
  ActivityPointer,
  ActivityParty,
  Task,
  Letter,
  Email,
  PhoneCall,
  Appointment,
  OpportunityClose,
  IncidentResolution,
  Annotation,
  Queue,
  QueueItem,
  Solution,
  SolutionComponent,
  Publisher,
  SavedQuery,
  UserQuery,
  PluginTraceLog,
  DuplicateRule,
  DuplicateRuleCondition,
])
