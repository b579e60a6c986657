import { documented, observed, provenBy } from './feature.ts'
import { pages } from './pages.ts'

const messages = 'test/emulator/messages.test.ts'
const background = 'test/webapi/background-operations.test.ts'
const pipeline = 'test/emulator/pipeline.test.ts'
const security = 'test/emulator/security.test.ts'
const writing = 'test/webapi/writing-metadata.test.ts'
const serving = 'test/server/serve.test.ts'
const derived = 'test/emulator/derived-values.test.ts'

export const operations = {
  'operation.who-am-i': documented('WhoAmI tells user, business unit and organization', pages.functions),
  'operation.retrieve-version': documented('RetrieveVersion tells a version of 9.2', pages.functions),
  'operation.current-organization': documented(
    'RetrieveCurrentOrganization takes an enum by its full name',
    pages.functions,
  ),
  'operation.total-record-count': documented('RetrieveTotalRecordCount counts the rows of tables', pages.functions),
  'operation.format-address': documented('FormatAddress puts an address into lines', pages.functions),
  'operation.initialize-from': documented(
    'InitializeFrom answers a template with a type and bindings, without a key',
    pages.functions,
  ),
  'operation.retrieve-principal-access': documented(
    'RetrievePrincipalAccess lists rights with comma and space',
    pages.functions,
  ),
  'operation.retrieve-user-privileges': documented(
    'RetrieveUserPrivileges tells the privileges of a user',
    pages.functions,
    provenBy(security, 'privileges follow from the tables, and are asked and granted by messages'),
  ),
  'operation.grant-access': documented('GrantAccess, ModifyAccess and RevokeAccess share a row', pages.actions),
  'operation.add-members': documented('AddMembersTeam and RemoveMembersTeam change who is in a team', pages.actions),
  'operation.add-to-queue': documented('AddToQueue answers the queue item', pages.actions),
  'operation.win-opportunity': documented('WinOpportunity closes an opportunity as won', pages.actions),
  'operation.lose-opportunity': documented('LoseOpportunity closes an opportunity as lost', pages.actions),
  'operation.close-incident': documented('CloseIncident resolves a case', pages.actions),
  'operation.merge': documented('Merge deactivates the subordinate and moves what refers to it', pages.merge),
  'operation.calculate-rollup': documented('CalculateRollupField calculates a rollup at once', pages.rollups),
  'operation.bulk-delete': documented(
    'BulkDelete deletes by a system job',
    pages.actions,
    provenBy(messages, 'BulkDelete deletes by a system job, and keeps what cannot be deleted'),
  ),
  'operation.add-privileges-role': documented(
    'AddPrivilegesRole adds privileges to a role',
    pages.actions,
    provenBy(security, 'privileges follow from the tables, and are asked and granted by messages'),
  ),
  'operation.assign-by-update': documented('a row is assigned by PATCH of its owner', pages.update),
  'operation.state-by-update': documented('a state is set by PATCH, a status reason brings its state', pages.update),
  'operation.state-default-reason': documented('a state alone brings its default reason', pages.update),
  'operation.parameter-missing': documented('a parameter that is missing is a 400 that names it', pages.actions),
  'operation.entity-without-type': documented(
    'a row as parameter needs its type where it may be of any table',
    pages.actions,
  ),
  'operation.unknown': documented('an operation that there is not is a 404 that names it', pages.actions),
  'operation.not-emulated': documented('an operation that is not emulated is refused by name', pages.actions, {
    refused: true,
  }),
  'operation.custom-action': documented(
    'a custom API that is an action is posted to, bound with its namespace',
    pages.customApi,
    provenBy('test/webapi/operations.test.ts', 'that is an action is posted to its row, with its namespace'),
  ),
  'operation.custom-function': documented(
    'a custom API that is a function is asked for, its parameters inline or by alias',
    pages.customApi,
    provenBy('test/webapi/operations.test.ts', 'that is a function is asked for, its parameters inline or by alias'),
  ),
} as const

export const metadata = {
  'metadata.csdl': documented(
    '$metadata is CSDL of the namespace Microsoft.Dynamics.CRM, alias mscrm',
    pages.serviceDocuments,
  ),
  'metadata.csdl-annotations': documented('$metadata has annotations when they are asked for', pages.serviceDocuments),
  'metadata.csdl-operations': documented(
    '$metadata has functions and actions',
    pages.serviceDocuments,
    provenBy('test/webapi/metadata.test.ts', 'has the functions and actions, custom APIs among them'),
  ),
  'metadata.entity-by-name': documented('a table’s definition is found by its logical name', pages.metadataQuery),
  'metadata.entity-filter': documented('definitions are filtered and selected', pages.metadataQuery),
  'metadata.entity-by-id': documented('a definition is found by its id, which stays the same', pages.metadataQuery),
  'metadata.attributes': documented('columns are found below their table, by logical name', pages.metadataQuery),
  'metadata.cast': documented('a column is cast to its class to see its options', pages.metadataQuery),
  'metadata.expand': documented('attributes, keys and relationships are expanded', pages.metadataQuery),
  'metadata.relationship': documented('a relationship is found by its schema name', pages.metadataQuery),
  'metadata.state-options': documented('status reasons tell their states', pages.metadataQuery),
  'metadata.changes': documented(
    'RetrieveMetadataChanges answers what its query asks for',
    pages.retrieveMetadataChanges,
  ),
  'metadata.create-table': documented(
    'a table is created by POST, and takes rows at once',
    pages.metadataWrite,
    provenBy(writing, 'that is created is there at once, and rows can be written into it'),
  ),
  'metadata.change-table': documented(
    'a table is changed by PUT and removed by DELETE',
    pages.metadataWrite,
    provenBy(writing, 'is changed by PUT and removed with its rows by DELETE'),
  ),
  'metadata.create-column': documented(
    'columns of every kind are created',
    pages.metadataWrite,
    provenBy(writing, 'of every kind is created, and takes values'),
  ),
  'metadata.change-column': documented(
    'a column is changed by PUT and removed by DELETE',
    pages.metadataWrite,
    provenBy(writing, 'is changed by PUT, keeping what is not said, and removed by DELETE'),
  ),
  'metadata.create-relationship': documented(
    'relationships are created: one to many, and many to many',
    pages.metadataWrite,
    provenBy(
      writing,
      'of one row to many makes a lookup, which links and restricts',
      'of many rows to many makes an intersect table',
    ),
  ),
  'metadata.create-key': documented(
    'an alternate key is created, and enforced',
    pages.metadataWrite,
    provenBy(writing, 'identifies rows, and is enforced'),
  ),
  'metadata.create-choice': documented(
    'a shared choice is created, used, changed and removed',
    pages.metadataWrite,
    provenBy(writing, 'is created, used by a column, changed and removed'),
  ),
  'metadata.solution': documented(
    'what is created or changed with MSCRM.SolutionUniqueName becomes a component of that solution',
    pages.metadataWrite,
    provenBy(writing, 'a part of the schema becomes a component of the solution that is named, once'),
  ),
  'metadata.unknown': documented('a definition that there is not is a 404', pages.metadataQuery),
  'metadata.filter-limits': documented('other filters than eq, ne, and, or are refused', pages.metadataQuery),
} as const

export const behaviour = {
  'state.defaults': documented('a new row is active, with the default status reason', pages.states),
  'state.transitions': documented(
    'status reasons move as the table allows',
    pages.states,
    provenBy(
      'test/emulator/writing.test.ts',
      'a state moves as the table allows: a reason brings its state, a state its default reason',
    ),
  ),
  'row.audit-columns': documented('a row says who created and modified it, and when', pages.create),
  'row.read-only-ignored': documented('read-only columns in a body are passed over', pages.update),
  'cascade.delete': documented('children of a parental relationship are deleted with their parent', pages.cascades),
  'cascade.remove-link': documented(
    'a referential relationship loses its reference when the row is deleted',
    pages.cascades,
  ),
  'cascade.assign': documented(
    'a change of owner takes along what its relationships say',
    pages.cascades,
    provenBy('test/emulator/data-changes.test.ts', 'takes along what its relationships say'),
  ),
  'cascade.share': documented(
    'sharing goes down to rows that follow',
    pages.cascades,
    provenBy(security, 'goes down to rows that follow, and those that come under the row later'),
  ),
  'cascade.merge': documented(
    'what refers to a merged row refers to the other one then',
    pages.cascades,
    provenBy(messages, 'Merge moves what refers to the subordinate, and deactivates it'),
  ),
  'currency.base': documented('amounts have a twin in the base currency, at the rate of their writing', pages.currency),
  'currency.default': documented(
    'an amount without a currency is in the base currency',
    pages.currency,
    provenBy(derived, 'an amount without a currency is in the base currency'),
  ),
  'calculated.column': documented(
    'a calculated column follows what it is made of',
    pages.calculated,
    provenBy(derived, 'a calculated column is checked as any other'),
  ),
  'rollup.column': documented(
    'a rollup has a value, a moment and a state, and is calculated by a job',
    pages.rollups,
    provenBy(messages, 'rollups are calculated on request, and by a system job'),
  ),
  'activity.pointer': documented('an activity is found among activitypointers by its id', pages.activities),
  'activity.parties': documented('parties of an activity are created with it', pages.activities),
  'activity.parties-replaced': documented(
    'parties of an activity are replaced by PUT of their collection',
    pages.activities,
  ),
  'duplicates.rows': documented(
    'rules are rows, compare by operators, and take part once they are published',
    pages.duplicateRules,
    provenBy(
      'test/emulator/data-changes.test.ts',
      'take part from when the job that publishes them has run until they are taken out of use',
    ),
  ),
  'duplicates.retrieve': documented(
    'RetrieveDuplicates gives the rows that are alike with one',
    pages.duplicateRules,
    provenBy(
      'test/client/with-emulator.test.ts',
      'a duplicate detection rule is published, and duplicates are asked for',
    ),
  ),
  'duplicates.rule': documented(
    'a rule compares columns, of active rows only if it says so',
    pages.duplicates,
    provenBy('test/emulator/data-changes.test.ts', 'may look through another table, and leave out what is not active'),
  ),
} as const

export const access = {
  'impersonate.caller-id': documented('MSCRMCallerID acts as a user', pages.impersonate),
  'impersonate.object-id': documented(
    'CallerObjectId acts as the user with that id in Microsoft Entra ID',
    pages.impersonate,
  ),
  'impersonate.on-behalf-of': documented('rows say on whose behalf they were written', pages.impersonate),
  'impersonate.rights': documented(
    'who impersonates needs the privilege, and has the rights that both have',
    pages.impersonate,
    provenBy(security, 'who impersonates has the rights that both have, and needs the privilege for it'),
  ),
  'security.depth': documented(
    'a privilege reaches as far as its depth',
    pages.roles,
    provenBy(security, 'is the farthest of several roles'),
  ),
  'security.team-roles': documented(
    'members of a team have its roles',
    pages.roles,
    provenBy(security, 'a member of a team has its roles: what the team owns, and from its business unit'),
  ),
  'security.write': documented(
    'writing needs its own privilege',
    pages.roles,
    provenBy(security, 'reaches the rows of its own privilege, whatever can be read'),
  ),
  'security.assign': documented(
    'assigning needs its privilege, and an owner who may read',
    pages.roles,
    provenBy(security, 'assigning needs its privilege, and an owner who may read'),
  ),
  'security.append': documented(
    'a lookup needs Append on the row and AppendTo on the other',
    pages.roles,
    provenBy(security, 'a lookup needs Append on the row and AppendTo on the other'),
  ),
  'security.share': documented(
    'a share opens a row for what it says',
    pages.security,
    provenBy(security, 'opens a row for what it says, to a user or to all members of a team'),
  ),
  'security.hierarchy-manager': documented(
    'a manager changes rows of direct reports, and reads those of reports further down',
    pages.hierarchySecurity,
    provenBy(
      security,
      'gives a manager the rows of reports: those of direct ones to change, those further down to read',
    ),
  ),
  'security.hierarchy-depth': documented(
    'hierarchy security goes as deep as the organization says',
    pages.hierarchySecurity,
    provenBy(security, 'is off unless the organization turns it on, and goes no deeper than it says'),
  ),
  'security.hierarchy-position': documented(
    'hierarchy security goes by positions where the organization says so',
    pages.hierarchySecurity,
    provenBy(
      security,
      'goes by positions, whatever the business unit, where the organization says so; conditions follow',
    ),
  ),
  'security.queries': documented(
    'queries see only what may be seen, in links, too',
    pages.security,
    provenBy(security, 'see in links and conditions on links only what may be seen'),
  ),
  'security.columns-read': documented(
    'secured columns are empty for who may not read them',
    pages.columnSecurity,
    provenBy(security, 'are empty for who may not read them, also in conditions'),
  ),
  'security.columns-write': documented(
    'secured columns are written by whom a profile lets',
    pages.columnSecurity,
    provenBy(security, 'are written by whom a profile lets do it'),
  ),
  'security.disabled-user': documented(
    'a user without a role, and one who is disabled, may do nothing',
    pages.roles,
    provenBy(security, 'a user without a role, and one who is disabled, may do nothing'),
  ),
  'security.bypass-privilege': documented(
    'bypassing custom logic needs a privilege',
    pages.bypass,
    provenBy(security, 'overriding when a row was created, and bypassing steps, need privileges of their own'),
  ),
  'oauth.client-credentials': documented(
    'client credentials give a token, with a secret or a certificate',
    pages.oauth,
    provenBy(
      'test/client/tokens.test.ts',
      'with a secret get a token for the environment, which is kept',
      'with a certificate sign what they send, and send no secret',
    ),
  ),
  'oauth.msal': observed(
    'MSAL gets tokens by secret and by certificate',
    pages.oauth,
    provenBy(
      'test/server/msal.test.ts',
      'MSAL gets tokens over https by secret and by certificate, and they open the Web API as the application user',
    ),
  ),
  'oauth.expiry': documented(
    'a token that has expired, or is for another address, is a 401',
    pages.oauth,
    provenBy(serving, 'are asked for with --auth only, live by the emulator’s clock, and are for one address'),
  ),
  'oauth.application-user': documented(
    'an application acts for others, with its name beside theirs',
    pages.impersonate,
    provenBy(serving, 'let an application act for others, with its name beside theirs'),
  ),
  'limits.dop-hint': observed('x-ms-dop-hint says how many requests to have under way at one time', pages.limits),
  'limits.requests': documented(
    'more than 6000 requests in five minutes are a 429',
    pages.limits,
    provenBy(
      'test/emulator/service-protection.test.ts',
      'too many requests are refused until the oldest are out of the window',
    ),
  ),
  'limits.time': documented(
    'too much time in five minutes is a 429',
    pages.limits,
    provenBy(
      'test/emulator/service-protection.test.ts',
      'requests that take too long together are refused until enough of them are out of the window',
    ),
  ),
  'limits.concurrency': documented(
    'too many requests at one time are a 429',
    pages.limits,
    provenBy('test/emulator/service-protection.test.ts', 'too many requests at one time are refused'),
  ),
  'limits.per-caller': documented(
    'limits are each caller’s own',
    pages.limits,
    provenBy('test/emulator/service-protection.test.ts', 'each caller has limits of its own, whomever they act for'),
  ),
  'limits.remaining': documented('every answer says how many requests and how much time are left', pages.limits),
  'limits.retry-after': documented('a 429 says in Retry-After when to come again', pages.limits),
  'limits.body': documented('a body that is too large is a 413', pages.limits),
} as const

export const events = {
  'pipeline.stages': documented(
    'stages run in order, ranks within them, asynchronous steps later',
    pages.eventFramework,
    provenBy(pipeline, 'stages run in order, ranks within them, and asynchronous steps when they are drained'),
  ),
  'pipeline.change-target': documented(
    'a step before the main operation changes what is written',
    pages.eventFramework,
    provenBy(pipeline, 'a step before the main operation changes what is written, one after it cannot'),
  ),
  'pipeline.filtering-columns': documented(
    'an update runs a step when it brings a filtering column, changed or not',
    pages.registerPlugin,
    provenBy(pipeline, 'an update runs a step only when it brings a filtering column, changed or not'),
  ),
  'pipeline.images': documented(
    'images show the row before and after',
    pages.executionContext,
    provenBy(pipeline, 'images show the row before and after, with the declared columns that have a value'),
  ),
  'pipeline.rollback': documented(
    'a throw undoes everything, nested work included',
    pages.transactions,
    provenBy(pipeline, 'a throw after the main operation undoes everything, nested writes and queued jobs included'),
  ),
  'pipeline.swallowed-failure': documented(
    'a failure that a step swallows dooms the transaction all the same',
    pages.transactions,
    provenBy(pipeline, 'a step that swallows the failure of a nested write cannot save its transaction'),
  ),
  'pipeline.depth': documented(
    'depth grows with nesting, and more than eight is an infinite loop',
    pages.executionContext,
    provenBy(pipeline, 'the depth grows with every nested operation, and the ninth is refused as an infinite loop'),
  ),
  'pipeline.shared-variables': documented(
    'pre-validation shares its variables through the parent context',
    pages.executionContext,
    provenBy(pipeline, 'what pre-validation shares is found in the parent, later stages share among themselves'),
  ),
  'pipeline.correlation': documented(
    'all of one request has one correlation id',
    pages.executionContext,
    provenBy(pipeline, 'a nested operation knows what set it off, and all of one request has one correlation id'),
  ),
  'pipeline.run-as': documented(
    'a step runs as the user it names, and knows who began',
    pages.registerPlugin,
    provenBy(pipeline, 'a step runs as the user it names, and still knows who began'),
  ),
  'pipeline.async-retry': documented(
    'a step that asks for a retry gets four attempts',
    pages.exceptions,
    provenBy(pipeline, 'an asynchronous step that asks for a retry gets four attempts, any other failure none'),
  ),
  'pipeline.async-failure': documented(
    'a failing asynchronous step leaves the operation alone',
    pages.asyncService,
    provenBy(
      pipeline,
      'a failing asynchronous step leaves the operation that set it off alone, and what it did itself stays',
    ),
  ),
  'pipeline.async-auto-delete': documented(
    'the system job of a step that says so is deleted once it has succeeded',
    pages.asyncService,
    provenBy(
      pipeline,
      'the system job of a step with asyncAutoDelete goes when it has succeeded, and stays when it has failed',
    ),
  ),
  'pipeline.async-job-row': documented('an asynchronous step is a row of asyncoperation', pages.asyncService),
  'background.row': documented(
    'a background operation is a row that tells what was asked, by whom, and what came of it',
    pages.backgroundOperations,
    provenBy(background, 'is a row that tells what was asked, by whom, and what came of it'),
  ),
  'background.monitor': documented(
    'the status monitor tells how a background operation goes, and its results',
    pages.backgroundOperations,
    provenBy(background, 'is told of by the status monitor, with its results once it has ended'),
  ),
  'background.cancel': documented(
    'a background operation that has not begun can be cancelled, by its row or its status monitor',
    pages.backgroundOperations,
    provenBy(background, 'that is cancelled before it begins does not run'),
  ),
  'background.cancel-late': documented(
    'a background operation that has ended cannot be cancelled',
    pages.backgroundOperations,
    provenBy(background, 'that has ended cannot be cancelled'),
  ),
  'background.retries': documented(
    'a background operation is tried again three times, at growing intervals',
    pages.backgroundOperations,
    provenBy(background, 'is tried again three times, after waits that double, and then has failed'),
  ),
  'background.complete': documented(
    'asynchronous steps on OnBackgroundOperationComplete hear of the end of each background operation',
    pages.backgroundOperations,
    provenBy(background, 'asynchronous steps on OnBackgroundOperationComplete hear of each end, and with which state'),
  ),
  'background.privileges': documented(
    'who starts a background operation has to be able to read and write its table',
    pages.backgroundOperations,
    provenBy(background, 'who may not read and write background operations cannot start one'),
  ),
  'pipeline.retrieve': documented(
    'steps listen to reading',
    pages.eventFramework,
    provenBy(pipeline, 'steps listen to reading, too'),
  ),
  'pipeline.associate': documented(
    'steps on Associate see row, relationship and what is linked',
    pages.eventFramework,
    provenBy(pipeline, 'steps on Associate and Disassociate see the row, the relationship and what is linked'),
  ),
  'pipeline.specialised-update': documented(
    'an update of state and other columns runs its steps twice',
    pages.specialised,
    provenBy(
      pipeline,
      'an update of state and other columns runs its steps twice, first for the others; pre-validation once',
    ),
  ),
  'pipeline.multiple': documented(
    'bulk operations run the steps of each row',
    pages.bulk,
    provenBy(messages, 'CreateMultiple creates all rows or none, and runs the steps of each'),
  ),
  'pipeline.bulk-merged': documented(
    'a single create or update runs the steps of the bulk operation, with one row',
    pages.bulk,
    provenBy(pipeline, 'run for a single Create and a single Update, with that one row'),
  ),
  'pipeline.upsert': documented('an upsert runs the steps of Create or Update', pages.upsert),
  'pipeline.trace-log': documented('a step’s trace is seen by the caller when it fails', pages.exceptions),
  'transaction.batch': documented(
    'several writes take effect whole or not at all',
    pages.transactions,
    provenBy('test/emulator/writing.test.ts', 'a transaction of several writes takes effect whole or not at all'),
  ),
  'transaction.isolation': observed(
    'readers see what is committed',
    pages.transactions,
    provenBy(pipeline, 'concurrent operations run one after the other, and readers see what is committed'),
  ),
} as const
