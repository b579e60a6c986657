import type { TableDefinition } from '../../entities/index.ts'
import { labelOf, managed } from './label.ts'
import { metadataId } from './metadata-id.ts'
import type { MetadataObject } from './option-set.ts'
import { schemaNameOf } from './schema-name.ts'

const owned = { user: 'UserOwned', organization: 'OrganizationOwned', none: 'None' } as const
/** The type codes that clients know by heart; others are made of the name, from 10000 on as those of custom tables. */
const typeCodes: Readonly<Record<string, number>> = {
  account: 1,
  contact: 2,
  opportunity: 3,
  lead: 4,
  annotation: 5,
  systemuser: 8,
  team: 9,
  businessunit: 10,
  incident: 112,
  competitor: 123,
  product: 1024,
  role: 1036,
  quote: 1084,
  salesorder: 1088,
  invoice: 1090,
  queue: 2020,
  activitypointer: 4200,
  appointment: 4201,
  email: 4202,
  letter: 4207,
  phonecall: 4210,
  task: 4212,
  transactioncurrency: 9105,
  organization: 1019,
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/entitymetadata */
export function entityMetadataOf(table: TableDefinition): MetadataObject {
  const { logicalName, displayName, primaryKey, primaryName, ownership } = table
  const isActivity = primaryKey === 'activityid'
  const isCustom = logicalName.includes('_')
  return {
    MetadataId: metadataId('entity', logicalName),
    HasChanged: null,
    LogicalName: logicalName,
    SchemaName: schemaNameOf(logicalName),
    EntitySetName: table.collectionName,
    LogicalCollectionName: table.collectionName,
    CollectionSchemaName: schemaNameOf(table.collectionName),
    PrimaryIdAttribute: primaryKey,
    PrimaryNameAttribute: primaryName,
    PrimaryImageAttribute: Object.hasOwn(table.columns, 'entityimage') ? 'entityimage' : null,
    ObjectTypeCode: typeCodeOf(logicalName),
    DisplayName: labelOf(displayName),
    DisplayCollectionName: labelOf(`${displayName}s`),
    Description: labelOf(table.description),
    OwnershipType: owned[ownership],
    TableType: 'Standard',
    IsActivity: isActivity,
    IsActivityParty: logicalName === 'activityparty',
    IsCustomEntity: isCustom,
    IsIntersect: false,
    IsManaged: false,
    IsPrivate: false,
    IsLogicalEntity: false,
    IsChildEntity: false,
    IsStateModelAware: table.states !== null,
    IsBPFEntity: false,
    IsImportable: true,
    IsOptimisticConcurrencyEnabled: true,
    IsQuickCreateEnabled: false,
    IsValidForAdvancedFind: true,
    IsVisibleInMobile: managed('canmodifymobilevisibility', false),
    IsCustomizable: managed('iscustomizable', true),
    IsRenameable: managed('isrenameable', true),
    IsMappable: managed('ismappable', true),
    IsAuditEnabled: managed('canmodifyauditsettings', false),
    IsDuplicateDetectionEnabled: managed('canmodifyduplicatedetectionsettings', true),
    IsConnectionsEnabled: managed('canmodifyconnectionsettings', false),
    IsMailMergeEnabled: managed('canmodifymailmergesettings', false),
    IsValidForQueue: managed('canmodifyqueuesettings', false),
    CanCreateAttributes: managed('cancreateattributes', true, false),
    CanCreateForms: managed('cancreateforms', true),
    CanCreateViews: managed('cancreateviews', true),
    CanCreateCharts: managed('cancreatecharts', true),
    CanBeInManyToMany: managed('canbeinmanytomany', true, false),
    CanBePrimaryEntityInRelationship: managed('canbeprimaryentityinrelationship', true, false),
    CanBeRelatedEntityInRelationship: managed('canberelatedentityinrelationship', true, false),
    ChangeTrackingEnabled: table.changeTracking,
    CanChangeTrackingBeEnabled: managed('canchangetrackingbeenabled', true),
    AutoRouteToOwnerQueue: false,
    ActivityTypeMask: isActivity ? 1 : 0,
    HasActivities: false,
    HasNotes: false,
    HasFeedback: false,
    EntityColor: null,
    EnforceStateTransitions: Object.values(table.states ?? {}).some(({ transitions }) => transitions !== undefined),
    DaysSinceRecordLastModified: 0,
    IntroducedVersion: '1.0',
    Settings: [],
  }
}

function typeCodeOf(logicalName: string): number {
  const known = Object.hasOwn(typeCodes, logicalName) ? typeCodes[logicalName] : undefined
  return known ?? 10_000 + (Number.parseInt(metadataId('typecode', logicalName).slice(0, 6), 16) % 20_000)
}
