import type { Operation, OperationValue } from './operation.ts'

const member = (edmType: string): OperationValue => ({ type: 'Enum', edmType })
const entity = (table: OperationValue['table']): OperationValue => ({ type: 'Entity', ...(table && { table }) })
const many: OperationValue = { type: 'EntityCollection', table: { of: 'EntityName' } }
const onSet = { to: 'collection', as: 'EntityName' } as const
const on = (table: string, as: string) => ({ to: 'record', as, table }) as const

/**
 * The platform's functions and actions that can be called by name.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/functions
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/actions
 */
export const platformOperations: readonly Operation[] = [
  // About the environment and its users
  { name: 'WhoAmI', kind: 'function' },
  { name: 'RetrieveVersion', kind: 'function' },
  {
    name: 'RetrieveCurrentOrganization',
    kind: 'function',
    parameters: { AccessType: member('EndpointAccessType') },
  },
  { name: 'RetrieveTotalRecordCount', kind: 'function' },
  { name: 'FormatAddress', kind: 'function' },

  // Rows
  {
    name: 'InitializeFrom',
    kind: 'function',
    parameters: { TargetFieldType: member('TargetFieldType') },
    result: { Entity: entity({ of: 'TargetEntityName' }) },
  },
  { name: 'CalculateRollupField', kind: 'function', result: { Entity: entity({ of: 'Target' }) } },
  { name: 'Merge', kind: 'action', parameters: { UpdateContent: entity({ of: 'Target' }) } },
  { name: 'CreateMultiple', kind: 'action', bound: onSet, parameters: { Targets: many } },
  { name: 'UpdateMultiple', kind: 'action', bound: onSet, parameters: { Targets: many } },
  { name: 'UpsertMultiple', kind: 'action', bound: onSet, parameters: { Targets: many } },
  { name: 'DeleteMultiple', kind: 'action', bound: onSet, parameters: { Targets: many } },
  { name: 'BulkDelete', kind: 'action' },

  // Who may see and do what
  { name: 'GrantAccess', kind: 'action' },
  { name: 'ModifyAccess', kind: 'action' },
  { name: 'RevokeAccess', kind: 'action' },
  { name: 'RetrievePrincipalAccess', kind: 'function', bound: { to: 'record', as: 'Principal' } },
  { name: 'RetrieveUserPrivileges', kind: 'function', bound: on('systemuser', 'UserId') },
  { name: 'AddPrivilegesRole', kind: 'action', bound: on('role', 'RoleId') },
  { name: 'AddMembersTeam', kind: 'action', bound: on('team', 'Target') },
  { name: 'RemoveMembersTeam', kind: 'action', bound: on('team', 'Target') },

  // Sales and service
  { name: 'WinOpportunity', kind: 'action', parameters: { OpportunityClose: entity('opportunityclose') } },
  { name: 'LoseOpportunity', kind: 'action', parameters: { OpportunityClose: entity('opportunityclose') } },
  { name: 'CloseIncident', kind: 'action', parameters: { IncidentResolution: entity('incidentresolution') } },
  {
    name: 'AddToQueue',
    kind: 'action',
    bound: on('queue', 'DestinationQueueId'),
    parameters: { QueueItemProperties: entity('queueitem') },
  },

  // Files, block by block; `upload` and `download` are simpler
  { name: 'InitializeFileBlocksUpload', kind: 'action' },
  { name: 'UploadBlock', kind: 'action' },
  { name: 'CommitFileBlocksUpload', kind: 'action' },
  { name: 'InitializeFileBlocksDownload', kind: 'action' },
  { name: 'DownloadBlock', kind: 'action', result: { Data: { type: 'Bytes' } } },
  { name: 'DeleteFile', kind: 'action' },
]
