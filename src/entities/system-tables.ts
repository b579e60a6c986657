import { AsyncOperation } from './async-operation.ts'
import { BackgroundOperation } from './background-operation.ts'
import { BusinessUnit } from './business-unit.ts'
import type { TableDefinition } from './define-table.ts'
import { DeletedItemReference } from './deleted-item-reference.ts'
import { FieldPermission } from './field-permission.ts'
import { FieldSecurityProfile } from './field-security-profile.ts'
import { FileAttachment } from './file-attachment.ts'
import { Organization } from './organization.ts'
import { Position } from './position.ts'
import { PriceLevel } from './price-level.ts'
import { PrincipalObjectAccess } from './principal-object-access.ts'
import { Privilege } from './privilege.ts'
import { ProductPriceLevel } from './product-price-level.ts'
import { Role } from './role.ts'
import { RolePrivileges } from './role-privileges.ts'
import { SystemUser } from './system-user.ts'
import { Team } from './team.ts'
import { TransactionCurrency } from './transaction-currency.ts'
import { Uom } from './uom.ts'
import { UomSchedule } from './uom-schedule.ts'
import { UserSettings } from './user-settings.ts'

/** Dataverse's own tables that others refer to: users, currencies, units, prices, system jobs, security. */
export const systemTables: readonly TableDefinition[] = Object.freeze([
  Organization,
  BusinessUnit,
  SystemUser,
  Team,
  TransactionCurrency,
  PriceLevel,
  ProductPriceLevel,
  Uom,
  UomSchedule,
  AsyncOperation,
  BackgroundOperation,
  Role,
  Privilege,
  RolePrivileges,
  PrincipalObjectAccess,
  FieldSecurityProfile,
  FieldPermission,
  DeletedItemReference,
  FileAttachment,
  UserSettings,
  Position,
])
