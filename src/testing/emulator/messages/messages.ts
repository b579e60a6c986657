import { addPrivilegesRole } from './add-privileges-role.ts'
import { addToQueue } from './add-to-queue.ts'
import { assign } from './assign.ts'
import { bulkDelete } from './bulk-delete.ts'
import { calculateRollupField } from './calculate-rollup-field.ts'
import { closeIncident } from './close-incident.ts'
import { loseOpportunity, winOpportunity } from './close-opportunity.ts'
import { createMultiple } from './create-multiple.ts'
import { deleteMultiple } from './delete-multiple.ts'
import { publishDuplicateRule, retrieveDuplicates, unpublishDuplicateRule } from './duplicate-rule.ts'
import { executeBackgroundOperation } from './execute-background-operation.ts'
import {
  commitFileBlocksUpload,
  deleteFile,
  downloadBlock,
  initializeFileBlocksDownload,
  initializeFileBlocksUpload,
  uploadBlock,
} from './file-blocks.ts'
import { formatAddress } from './format-address.ts'
import { initializeFrom } from './initialize-from.ts'
import { addMembersTeam, removeMembersTeam } from './members-team.ts'
import { merge } from './merge.ts'
import type { EmulatedMessage } from './message.ts'
import { onBackgroundOperationComplete } from './on-background-operation-complete.ts'
import { retrieveCurrentOrganization } from './retrieve-current-organization.ts'
import { retrieveEntityChanges } from './retrieve-entity-changes.ts'
import { retrievePrincipalAccess } from './retrieve-principal-access.ts'
import { retrieveTotalRecordCount } from './retrieve-total-record-count.ts'
import { retrieveUserPrivileges } from './retrieve-user-privileges.ts'
import { retrieveVersion } from './retrieve-version.ts'
import { setState } from './set-state.ts'
import { grantAccess, modifyAccess, revokeAccess } from './share-access.ts'
import { updateMultiple } from './update-multiple.ts'
import { upsertMultiple } from './upsert-multiple.ts'

/** The platform's messages that are no method of the contract, each in a file of its own. */
const messages: readonly EmulatedMessage[] = [
  createMultiple,
  updateMultiple,
  upsertMultiple,
  deleteMultiple,
  assign,
  setState,
  merge,
  grantAccess,
  modifyAccess,
  revokeAccess,
  addMembersTeam,
  removeMembersTeam,
  initializeFrom,
  winOpportunity,
  loseOpportunity,
  closeIncident,
  addToQueue,
  calculateRollupField,
  retrieveTotalRecordCount,
  retrieveVersion,
  retrieveCurrentOrganization,
  formatAddress,
  bulkDelete,
  executeBackgroundOperation,
  onBackgroundOperationComplete,
  retrievePrincipalAccess,
  retrieveUserPrivileges,
  addPrivilegesRole,
  retrieveEntityChanges,
  publishDuplicateRule,
  unpublishDuplicateRule,
  retrieveDuplicates,
  initializeFileBlocksUpload,
  uploadBlock,
  commitFileBlocksUpload,
  initializeFileBlocksDownload,
  downloadBlock,
  deleteFile,
]

export const messagesByName: ReadonlyMap<string, EmulatedMessage> = new Map(
  messages.map((message) => [message.name, message]),
)
