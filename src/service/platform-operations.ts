import {
  type CustomApiDeclaration,
  customApiOperation,
  type Operation,
  type OperationBinding,
  type OperationValue,
} from './operation.ts'

const text: OperationValue = { type: 'String' }
const flag: OperationValue = { type: 'Boolean' }
const id: OperationValue = { type: 'Guid' }
const whole: OperationValue = { type: 'Integer' }
const anyRow: OperationValue = { type: 'EntityReference' }
const optional = <V extends OperationValue>(value: V): V => ({ ...value, optional: true })
const rowOf = (...tables: string[]): OperationValue => ({ type: 'EntityReference', tables })
const entity = (...tables: string[]): OperationValue => ({ type: 'Entity', tables })
const member = (edmType: string): OperationValue => ({ type: 'Enum', edmType })
const complex = (edmType: string, parts: Readonly<Record<string, OperationValue>> = {}): OperationValue => ({
  type: 'Complex',
  edmType,
  parts,
})

const dictionary = (edmType: string): OperationValue => ({ type: 'Dictionary', edmType })

const principalAccess = complex('PrincipalAccess', {
  Principal: rowOf('systemuser', 'team'),
  AccessMask: member('AccessRights'),
})
const accessRights: Operation['result'] = { AccessRights: member('AccessRights') }
const onRecord = (as: string, ...tables: string[]): OperationBinding => ({ to: 'record', tables, as })
const onSet: OperationBinding = { to: 'collection', as: 'EntityName' }
const rowsOfSet: OperationValue = { type: 'EntityCollection', tableFrom: 'EntityName' }

/**
 * The platform's own functions and actions that are known by name. The client calls them, the Web API is called with them;
 * whether one is carried out is up to the service: one that it does not know is refused by name.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/functions
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/actions
 */
export const platformOperations: readonly Operation[] = [
  // About the environment and its users
  {
    name: 'WhoAmI',
    kind: 'function',
    parameters: {},
    result: { BusinessUnitId: id, UserId: id, OrganizationId: id },
  },
  { name: 'RetrieveVersion', kind: 'function', parameters: {}, result: { Version: text } },
  {
    name: 'RetrieveCurrentOrganization',
    kind: 'function',
    parameters: { AccessType: member('EndpointAccessType') },
    result: { Detail: complex('OrganizationDetail', { Endpoints: dictionary('EndpointCollection') }) },
  },
  {
    name: 'RetrieveTotalRecordCount',
    kind: 'function',
    parameters: { EntityNames: { type: 'StringArray' } },
    result: { EntityRecordCountCollection: dictionary('EntityRecordCountCollection') },
  },
  {
    name: 'FormatAddress',
    kind: 'function',
    parameters: {
      Line1: optional(text),
      City: optional(text),
      StateOrProvince: optional(text),
      PostalCode: optional(text),
      Country: optional(text),
    },
    result: { Address: text },
  },

  // Rows
  {
    name: 'InitializeFrom',
    kind: 'function',
    parameters: {
      EntityMoniker: anyRow,
      TargetEntityName: text,
      TargetFieldType: optional(member('TargetFieldType')),
    },
    result: { Entity: { type: 'Entity', tableFrom: 'TargetEntityName', template: true } },
  },
  {
    name: 'CalculateRollupField',
    kind: 'function',
    parameters: { Target: anyRow, FieldName: text },
    result: { Entity: { type: 'Entity', tableFrom: 'Target' } },
  },
  {
    name: 'Merge',
    kind: 'action',
    parameters: {
      Target: anyRow,
      Subordinate: anyRow,
      UpdateContent: optional({ type: 'Entity', tableFrom: 'Target' }),
      PerformParentingChecks: optional(flag),
    },
  },
  {
    name: 'PublishDuplicateRule',
    kind: 'action',
    bound: onRecord('DuplicateRuleId', 'duplicaterule'),
    parameters: {},
    result: { JobId: { type: 'RowId', tables: ['asyncoperation'] } },
  },
  { name: 'UnpublishDuplicateRule', kind: 'action', parameters: { DuplicateRuleId: id } },
  {
    name: 'RetrieveDuplicates',
    kind: 'function',
    parameters: {
      BusinessEntity: { type: 'Entity', tableFrom: 'EntityName' },
      MatchingEntityName: text,
      PagingInfo: optional(complex('PagingInfo')),
    },
    result: { DuplicateCollection: { type: 'EntityCollection', tableFrom: 'MatchingEntityName', onWire: 'value' } },
  },
  {
    name: 'CreateMultiple',
    kind: 'action',
    bound: onSet,
    parameters: { Targets: rowsOfSet },
    result: { Ids: { type: 'Any', edmType: 'Collection(Edm.Guid)' } },
  },
  { name: 'UpdateMultiple', kind: 'action', bound: onSet, parameters: { Targets: rowsOfSet } },
  { name: 'UpsertMultiple', kind: 'action', bound: onSet, parameters: { Targets: rowsOfSet } },
  { name: 'DeleteMultiple', kind: 'action', bound: onSet, parameters: { Targets: rowsOfSet } },
  {
    name: 'BulkDelete',
    kind: 'action',
    parameters: {
      QuerySet: { type: 'QueryCollection', edmType: 'Collection(mscrm.QueryExpression)' },
      JobName: text,
      SendEmailNotification: flag,
      ToRecipients: { type: 'Any', edmType: 'Collection(mscrm.activityparty)' },
      CCRecipients: { type: 'Any', edmType: 'Collection(mscrm.activityparty)' },
      RecurrencePattern: text,
      StartDateTime: { type: 'DateTime' },
      SourceImportId: optional(id),
      RunNow: optional(flag),
    },
    result: { JobId: id },
  },

  // Who may see and do what
  {
    name: 'GrantAccess',
    kind: 'action',
    parameters: { Target: anyRow, PrincipalAccess: principalAccess },
  },
  {
    name: 'ModifyAccess',
    kind: 'action',
    parameters: { Target: anyRow, PrincipalAccess: principalAccess },
  },
  {
    name: 'RevokeAccess',
    kind: 'action',
    parameters: { Target: anyRow, Revokee: rowOf('systemuser', 'team') },
  },
  {
    name: 'RetrievePrincipalAccess',
    kind: 'function',
    bound: onRecord('Principal', 'systemuser', 'team'),
    parameters: { Target: anyRow },
    result: accessRights,
  },
  {
    name: 'RetrieveUserPrivileges',
    kind: 'function',
    bound: onRecord('UserId', 'systemuser'),
    parameters: {},
    result: { RolePrivileges: { type: 'Any', edmType: 'Collection(mscrm.RolePrivilege)' } },
  },
  {
    name: 'AddPrivilegesRole',
    kind: 'action',
    bound: onRecord('RoleId', 'role'),
    parameters: { Privileges: { type: 'Any', edmType: 'Collection(mscrm.RolePrivilege)' } },
  },
  {
    name: 'AddMembersTeam',
    kind: 'action',
    bound: onRecord('Target', 'team'),
    parameters: { Members: { type: 'EntityReferenceCollection', tables: ['systemuser'] } },
  },
  {
    name: 'RemoveMembersTeam',
    kind: 'action',
    bound: onRecord('Target', 'team'),
    parameters: { Members: { type: 'EntityReferenceCollection', tables: ['systemuser'] } },
  },

  // Sales and service
  {
    name: 'WinOpportunity',
    kind: 'action',
    parameters: { Status: whole, OpportunityClose: entity('opportunityclose') },
  },
  {
    name: 'LoseOpportunity',
    kind: 'action',
    parameters: { Status: whole, OpportunityClose: entity('opportunityclose') },
  },
  {
    name: 'CloseIncident',
    kind: 'action',
    parameters: { Status: whole, IncidentResolution: entity('incidentresolution') },
  },
  {
    name: 'AddToQueue',
    kind: 'action',
    bound: onRecord('DestinationQueueId', 'queue'),
    parameters: {
      Target: anyRow,
      SourceQueueId: optional(id),
      QueueItemProperties: optional(entity('queueitem')),
    },
    result: { QueueItemId: id },
  },

  // Files
  {
    name: 'InitializeFileBlocksUpload',
    kind: 'action',
    parameters: { Target: anyRow, FileAttributeName: text, FileName: text },
    result: { FileContinuationToken: text },
  },
  {
    name: 'UploadBlock',
    kind: 'action',
    parameters: { BlockId: text, BlockData: { type: 'Bytes' }, FileContinuationToken: text },
  },
  {
    name: 'CommitFileBlocksUpload',
    kind: 'action',
    parameters: { FileName: text, MimeType: text, BlockList: { type: 'StringArray' }, FileContinuationToken: text },
    result: { FileId: id, FileSizeInBytes: { type: 'Any', edmType: 'Edm.Int64' } },
  },
  {
    name: 'InitializeFileBlocksDownload',
    kind: 'action',
    parameters: { Target: anyRow, FileAttributeName: text },
    result: {
      FileContinuationToken: text,
      FileSizeInBytes: { type: 'Any', edmType: 'Edm.Int64' },
      FileName: text,
      IsChunkingSupported: flag,
    },
  },
  {
    name: 'DownloadBlock',
    kind: 'action',
    parameters: {
      Offset: { type: 'Any', edmType: 'Edm.Int64' },
      BlockLength: { type: 'Any', edmType: 'Edm.Int64' },
      FileContinuationToken: text,
    },
    result: { Data: { type: 'Bytes' } },
  },
  { name: 'DeleteFile', kind: 'action', parameters: { FileId: id } },
]

/** The platform's operations and custom APIs, by name. */
export function operationsOf(customApis: readonly CustomApiDeclaration[]): ReadonlyMap<string, Operation> {
  const operations = [...platformOperations, ...customApis.map(customApiOperation)]
  return new Map(operations.map((operation) => [operation.name, operation]))
}
