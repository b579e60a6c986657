interface ErrorCode {
  readonly code: number
  /** The HTTP status with which the Web API answers. */
  readonly status: number
  /** `{name}` stands for a value that the thrower gives. */
  readonly message: string
}

/** How the platform introduces what is wrong with a payload. It names the entity set there; we name the table. */
const PAYLOAD_ERROR =
  "Error identified in Payload provided by the user for Entity :'{set}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ----> InnerException : "

/**
 * Every platform error that this package throws or understands, by the platform's name for it and with its own text,
 * placeholders named. An error that the platform has no name for, because one code serves several, has a name of ours.
 * `docs/errors.md` says when each occurs, and a test keeps the two equal.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 */
export const errorCodes = {
  // Rows and values
  RequiredFieldMissing: { code: 0x80040200, status: 400, message: "Required field missing: '{column}' of '{table}'." },
  InvalidArgument: { code: 0x80040203, status: 400, message: 'Invalid argument. {reason}' },
  ObjectDoesNotExist: { code: 0x80040217, status: 404, message: "Entity '{table}' With Id = {id} Does Not Exist" },
  CannotDeleteDueToAssociation: {
    code: 0x80040227,
    status: 405,
    message: 'The object you tried to delete is associated with another object and cannot be deleted.',
  },
  InvalidOwnerID: { code: 0x80040229, status: 400, message: 'The owner ID is invalid or missing.' },
  InvalidState: {
    code: 0x80040233,
    status: 400,
    message: 'The object is not in a valid state to perform this operation.',
  },
  DuplicateRecord: { code: 0x80040237, status: 412, message: 'A record with matching key values already exists.' },
  InvalidPrimaryKey: { code: 0x80040266, status: 400, message: 'Invalid primary key.' },
  DuplicateRecordsFound: {
    code: 0x80040333,
    status: 412,
    message: 'A record was not created or updated because a duplicate of the current record already exists.',
  },
  LookupNotFound: { code: 0x80040353, status: 400, message: 'The lookup reference could not be resolved' },
  SdkEntityDoesNotSupportMessage: {
    code: 0x80040800,
    status: 400,
    message: 'The method being invoked does not support provided entity type.',
  },
  // The platform calls the code QueryBuilderInvalidUpdate, and for many columns ignores the value instead.
  InvalidColumnForWrite: {
    code: 0x80041100,
    status: 400,
    message: "An attempt was made to update a non-updateable field: '{column}' of '{table}'.",
  },
  PicklistValueOutOfRange: {
    code: 0x8004431a,
    status: 400,
    message:
      "A validation error occurred. The value {value} of '{column}' on record of type '{table}' is outside the valid range. Accepted Values: {accepted}",
  },
  // The codes of these two, and their use, are general knowledge; the platform calls the second DecimalValueOutOfRange.
  IntegerValueOutOfRange: {
    code: 0x8004432f,
    status: 400,
    message:
      "A validation error occurred. The value {value} of '{column}' on record of type '{table}' is outside the valid range. Accepted Values: {min} to {max}",
  },
  ValueOutOfRange: {
    code: 0x80044330,
    status: 400,
    message:
      "A validation error occurred. The value {value} of '{column}' on record of type '{table}' is outside the valid range. Accepted Values: {min} to {max}",
  },
  StringLengthTooLong: {
    code: 0x80044331,
    status: 400,
    message:
      "A validation error occurred.  The length of the '{column}' attribute of the '{table}' entity exceeded the maximum allowed length of '{max}'.",
  },
  unManagedidsattachmentinvalidfilesize: { code: 0x80044a02, status: 400, message: 'Attachment file size is too big.' },
  InvalidStateCodeStatusCode: {
    code: 0x80048408,
    status: 400,
    message: '{status} is not a valid status code for state code {state} on {table} with Id {id}.',
  },
  // The code that the platform uses for a transition is not known.
  InvalidStatusTransition: {
    code: 0x80048408,
    status: 400,
    message: "The status reason of '{table}' cannot change from '{from}' to '{to}'.",
  },

  // The payload of a write; one code, told apart by the text after InnerException
  UndeclaredProperty: {
    code: 0x80048d19,
    status: 400,
    message: `${PAYLOAD_ERROR}Microsoft.OData.ODataException: Invalid property '{column}' was found in entity 'Microsoft.Dynamics.CRM.{table}'.`,
  },
  WrongValueType: {
    code: 0x80048d19,
    status: 400,
    message: `${PAYLOAD_ERROR}Microsoft.OData.ODataException: Cannot convert the value {actual} of '{column}': {expected} is expected.`,
  },
  UndeclaredAnnotatedProperty: {
    code: 0x80048d19,
    status: 400,
    message: `${PAYLOAD_ERROR}Microsoft.OData.ODataException: An undeclared property '{property}' which only has property annotations in the payload but no property value was found in the payload.`,
  },
  MalformedPayload: { code: 0x80048d19, status: 400, message: `${PAYLOAD_ERROR}{reason}` },

  // Alternate keys and row versions
  ConcurrencyVersionMismatch: {
    code: 0x80060882,
    status: 412,
    message: "The version of the existing record doesn't match the RowVersion property provided.",
  },
  ConcurrencyVersionNotProvided: {
    code: 0x80060883,
    status: 400,
    message: 'The RowVersion property must be provided when the value of ConcurrencyBehavior is IfVersionMatches.',
  },
  OptimisticConcurrencyNotEnabled: {
    code: 0x8006088d,
    status: 400,
    message: "Optimistic concurrency isn't enabled for entity type {table}.",
  },
  InvalidEntityKeyOperation: {
    code: 0x8006088f,
    status: 400,
    message: 'Invalid EntityKey Operation performed : {reason}',
  },
  EntityKeyNotDefined: {
    code: 0x80060890,
    status: 400,
    message: 'The specified key attributes are not a defined key for the {table} entity',
  },
  RecordNotFoundByEntityKey: {
    code: 0x80060891,
    status: 404,
    message: 'A record with the specified key values does not exist in {table} entity',
  },
  DuplicateRecordEntityKey: {
    code: 0x80060892,
    status: 412,
    message:
      'Entity Key {key} violated. A record with the same value for {column} already exists. A duplicate record cannot be created. Select one or more unique values and try again.',
  },
  MultipleRecordsFoundByEntityKey: {
    code: 0x8006089d,
    status: 400,
    message: 'More than one record exists for entity {table} with entity key involving attributes {columns}',
  },
  ExpiredVersionStamp: {
    code: 0x80044352,
    status: 400,
    message: 'Version stamp associated with the client has expired. Please perform a full sync.',
  },
  ChangeTrackingNotEnabledForEntity: {
    code: 0x80072491,
    status: 400,
    message: "Entity {table} isn't enabled for change tracking.",
  },

  // Queries
  InvalidFetchXml: { code: 0x80040303, status: 400, message: 'Malformed FetchXml. {reason}' },
  QueryBuilderDeserializeInvalidUseRawOrderBy: {
    code: 0x800410fd,
    status: 400,
    message: "The only valid values for useraworderby attribute are 'true', 'false', '1', and '0'.",
  },
  QueryBuilderNoEntity: {
    code: 0x80041102,
    status: 400,
    message: "The entity with a name = '{table}' with namemapping = 'Logical' was not found in the MetadataCache.",
  },
  QueryBuilderNoAttribute: {
    code: 0x80041103,
    status: 400,
    message: "'{table}' entity doesn't contain attribute with Name = '{column}' and NameMapping = 'Logical'.",
  },
  QueryBuilderBad_Condition: {
    code: 0x80041106,
    status: 400,
    message: 'Incorrect filter condition or conditions. {reason}',
  },
  QueryBuilderAttribute_With_Aggregate: {
    code: 0x80041107,
    status: 400,
    message: 'Attributes can not be returned when aggregate operation is specified.',
  },
  QueryBuilderInvalid_Value: { code: 0x80041108, status: 400, message: 'Invalid value specified for type. {reason}' },
  QueryBuilderInvalid_Alias: { code: 0x80041109, status: 400, message: 'Invalid alias for aggregate operation.' },
  QueryBuilderDeserializeInvalidDistinct: {
    code: 0x80041115,
    status: 400,
    message: "The only valid values for distinct attribute are 'true', 'false', '1', and '0'.",
  },
  QueryBuilderDeserializeInvalidMapping: {
    code: 0x80041116,
    status: 400,
    message: "The only valid values for mapping are 'logical' or 'internal' which is deprecated.",
  },
  QueryBuilderDeserializeInvalidLinkType: {
    code: 0x80041117,
    status: 400,
    message:
      "The only valid values for link-type attribute are 'natural', 'inner','in','exists','matchfirstrowusingcrossapply' and 'outer'.",
  },
  QueryBuilderDeserializeInvalidNoLock: {
    code: 0x80041118,
    status: 400,
    message: "The only valid values for no-lock attribute are 'true', 'false', '1', and '0'.",
  },
  QueryBuilderDeserializeInvalidDescending: {
    code: 0x80041119,
    status: 400,
    message: "The only valid values for descending attribute are 'true', 'false', '1', and '0'.",
  },
  QueryBuilderDeserializeInvalidAggregate: {
    code: 0x8004111a,
    status: 400,
    message: 'An error occurred while processing Aggregates in Query',
  },
  QueryBuilderDeserializeInvalidNode: {
    code: 0x8004111c,
    status: 400,
    message: 'The element node encountered is invalid.',
  },
  QueryBuilderInvalidConditionOperator: {
    code: 0x80041120,
    status: 400,
    message: "Unsupported condition operator: '{operator}'.",
  },
  QueryBuilderInvalidJoinOperator: { code: 0x80041121, status: 400, message: 'Unsupported join operator.' },
  QueryBuilderInvalidFilterType: {
    code: 0x80041122,
    status: 400,
    message: "Unsupported filter type. Valid values are 'and', or 'or'.",
  },
  QueryBuilderElementNotFound: { code: 0x80041123, status: 400, message: 'A required element was not specified.' },
  QueryBuilderEntitiesDontMatch: {
    code: 0x80041128,
    status: 400,
    message:
      'The entity name specified in fetchxml does not match the entity name specified in the Entity or Query Expression.',
  },
  QueryBuilderPagingOrderBy: {
    code: 0x80041129,
    status: 400,
    message: 'Order by columns do not match those in paging cookie.',
  },
  QueryBuilderInvalidPagingCookie: { code: 0x8004112a, status: 400, message: 'Invalid page number in paging cookie.' },
  QueryBuilderDeserializeInvalidGroupBy: {
    code: 0x8004112e,
    status: 400,
    message: "The only valid values for groupby attribute are 'true', 'false', '1', and '0'.",
  },
  QueryBuilderInvalidAggregateAttribute: {
    code: 0x8004112f,
    status: 400,
    message: 'Aggregate {aggregate} is not supported for attribute of type {type}.',
  },
  QueryBuilderDuplicateAlias: { code: 0x80041130, status: 400, message: 'FetchXML should have unique aliases.' },
  QueryBuilderAttributeNotAllowedForAggregateOrderBy: {
    code: 0x80041131,
    status: 400,
    message: 'An attribute cannot be specified for an order clause for an aggregate Query. Use an alias.',
  },
  QueryBuilderAliasNotAllowedForNonAggregateOrderBy: {
    code: 0x80041132,
    status: 400,
    message: 'An alias cannot be specified for an order clause for a non-aggregate Query. Use an attribute.',
  },
  QueryBuilderInvalidDateGrouping: {
    code: 0x80041135,
    status: 400,
    message: 'An invalid value was specified for dategrouping.',
  },
  QueryBuilderAttributeCannotBeGroupByAndAggregate: {
    code: 0x80041137,
    status: 400,
    message: 'An attribute can either be an aggregate or a Group By but not both',
  },
  QueryBuilderNoEntityKey: { code: 0x80041140, status: 400, message: 'The specified entitykey was not found.' },
  unManagedidsfetchbetweentext: {
    code: 0x80044153,
    status: 400,
    message: 'between, not-between, in, and not-in operators are not allowed on attributes of type text or ntext.',
  },
  InvalidQuery: {
    code: 0x80044183,
    status: 400,
    message: 'The query specified for this operation is invalid. {reason}',
  },
  TooManyConditionsInQuery: {
    code: 0x8004430c,
    status: 400,
    message: 'Number of conditions in query exceeded maximum limit.',
  },
  TooManyLinkEntitiesInQuery: {
    code: 0x8004430d,
    status: 400,
    message: 'Number of link entities in query exceeded maximum limit.',
  },
  AggregateQueryRecordLimitExceeded: {
    code: 0x8004e023,
    status: 400,
    message: 'AggregateQueryRecordLimit exceeded. Cannot perform this operation.',
  },

  // The address of a request; one code, told apart by the text
  PropertyNotFoundOnType: {
    code: 0x80060888,
    status: 400,
    message: "Could not find a property named '{property}' on type 'Microsoft.Dynamics.CRM.{table}'.",
  },
  ResourceNotFoundForSegment: {
    code: 0x80060888,
    status: 404,
    message: "Resource not found for the segment '{segment}'.",
  },
  ExpandOptionNotSupported: {
    code: 0x80060888,
    status: 400,
    message:
      'Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.',
  },
  ExpandRefNotSupported: {
    code: 0x80060888,
    status: 400,
    message: 'Expand with $ref is only supported on lookup type navigation property.',
  },
  ODataUriError: { code: 0x80060888, status: 400, message: '{reason}' },
  CrmHttpError: { code: 0x8006088a, status: 404, message: "Resource not found for the segment '{segment}'." },

  // Steps, and what runs them
  UnExpected: { code: 0x80040216, status: 500, message: 'An unexpected error occurred. {reason}' },
  IsvUnExpected: { code: 0x80040224, status: 500, message: 'An unexpected error occurred from ISV code. {reason}' },
  // The platform calls these two codes TransactionNotStarted and TransactionNotCommited.
  NoActiveTransaction: {
    code: 0x80040251,
    status: 400,
    message:
      'There is no active transaction. This error is usually caused by custom plug-ins that ignore errors from service calls and continue processing.',
  },
  TransactionAborted: {
    code: 0x80040252,
    status: 400,
    message: 'The transaction was not committed: a call within it failed, and the step that made the call went on.',
  },
  IsvAborted: { code: 0x80040265, status: 400, message: 'ISV code aborted the operation.' },
  SdkMessageInvalidImageTypeRegistration: {
    code: 0x8004416d,
    status: 400,
    message: 'Message {message} does not support this image type.',
  },
  SdkMessageDoesNotSupportPostImageRegistration: {
    code: 0x8004416e,
    status: 400,
    message: 'PreEvent step registration does not support Post Image.',
  },
  unManagedidssqltimeouterror: { code: 0x80044151, status: 500, message: 'SQL timeout expired.' },
  SdkCorrelationTokenDepthTooHigh: {
    code: 0x80044182,
    status: 400,
    message:
      'This workflow job was canceled because the workflow that started it included an infinite loop. Correct the workflow logic and try again. For information about workflow logic, see Help.',
  },
  OnlyStepInPredefinedStagesCanBeModified: {
    code: 0x80044184,
    status: 400,
    message: 'Invalid plug-in registration stage.',
  },
  SdkCustomProcessingStepIsNotAllowed: {
    code: 0x80044187,
    status: 400,
    message: 'Custom SdkMessageProcessingStep is not allowed on the specified message and entity.',
  },
  SdkMessageDoesNotSupportImageRegistration: {
    code: 0x80044189,
    status: 400,
    message: "Message '{message}' does not support image registration.",
  },
  SandboxWorkerPluginExecuteTimeout: {
    code: 0x80081111,
    status: 400,
    message: "Didn't receive a response from the {plugin} plug-in within the 2:20-minute limit.",
  },

  // Webhooks and service endpoints
  WebhooksNonSuccessHttpResponse: {
    code: 0x80050201,
    status: 400,
    message:
      'The webhook call failed because the http request received non-success httpStatus code. Please check your webhook request handler.',
  },
  WebhooksHttpRequestTimedOut: {
    code: 0x80050202,
    status: 400,
    message:
      'The webhook call failed because the Http request timed out at client side. Please check your webhook request handler.',
  },
  WebhooksInvalidHttpHeaders: {
    code: 0x80050203,
    status: 400,
    message:
      'The webhook call failed because of invalid http headers in authValue. Check if the authValue format, header names and values are valid for your Service Endpoint entity.',
  },
  WebhooksInvalidHttpQueryParams: {
    code: 0x80050204,
    status: 400,
    message:
      'The webhook call failed because of invalid http query params in authValue. Check if the authValue format, query parameter names and values are valid for your Service Endpoint entity.',
  },
  WebhooksPostRequestFailed: {
    code: 0x80050205,
    status: 400,
    message: 'The webhook call failed during http post. Please check the exception for more details.',
  },
  WebhooksPostDisabled: {
    code: 0x80050206,
    status: 400,
    message: 'The Webhook post is disabled for the organization.',
  },
  WebhooksMaxSizeExceeded: {
    code: 0x80050207,
    status: 400,
    message:
      'The webhook call failed because the http request payload has exceeded maximum allowed size. Please reduce your request size and retry.',
  },
  ServiceBusMaxSizeExceeded: {
    code: 0x80050208,
    status: 400,
    message:
      'The service bus call failed because the request payload has exceeded maximum allowed size. Please reduce your request size and retry.',
  },

  // Who may do what
  InvalidUserAuth: {
    code: 0x80040204,
    status: 401,
    message: 'User does not have the privilege to perform this action.',
  },
  PrivilegeDenied: {
    code: 0x80040220,
    status: 403,
    message:
      'Principal user (Id={user}, type=8, roleCount={roles}, privilegeCount={privileges}, accessMode=0), is missing {privilege} privilege (Id={id}){where}. context.Caller={user}. Needed depth: {depth}. Consider adding missed privilege to one of the principal (user/team) roles.',
  },
  unManagedidsusernotenabled: {
    code: 0x80040225,
    status: 403,
    message: 'The specified user is either disabled or is not a member of any business unit.',
  },
  PrincipalPrivilegeDenied: {
    code: 0x80040231,
    status: 403,
    message: 'Target user or team does not hold required privileges.',
  },
  CrmSecurityError: { code: 0x80040256, status: 403, message: 'A failure occurred in CrmSecurity.' },
  UserNotAssignedRoles: { code: 0x80042f09, status: 403, message: 'The user has not been assigned any roles.' },
  unManagedIdsAccessDenied: {
    code: 0x80048306,
    status: 403,
    message:
      'SecLib::AccessCheckEx failed. Returned hr = -2147187962, ObjectID: {id}, OwnerId: {owner} and CallingUser: {user}. ObjectTypeName: {table}, objectBusinessUnitId: {unit}, AccessRights: {right}Access. {privilege} of the user has the depth {depth}, and does not reach the row.',
  },
  AccessDenied: { code: 0x80048405, status: 403, message: 'Access is denied.' },
  CannotActOnBehalfOfAnotherUser: {
    code: 0x8004a110,
    status: 403,
    message: 'User does not have the privilege to act on behalf another user.',
  },
  AttributePrivilegeCreateIsMissing: {
    code: 0x8004f502,
    status: 403,
    message:
      "The user does not have create permissions to a secured field. The requested operation could not be completed. Column: '{column}' of '{table}'.",
  },
  AttributePermissionUpdateIsMissingDuringUpdate: {
    code: 0x8004f507,
    status: 403,
    message:
      "The user doesn't have AttributePrivilegeUpdate and not granted shared access for a secured attribute during update operation. Column: '{column}' of '{table}'.",
  },
  UserNotMemberOfOrg: { code: 0x80072560, status: 403, message: 'The user is not a member of the organization.' },

  // Limits
  RequestLengthTooLarge: { code: 0x8004418a, status: 413, message: 'Request message length is too large.' },
  ThrottlingTimeExceededError: {
    code: 0x80072321,
    status: 429,
    message:
      'Combined execution time of incoming requests exceeded limit of {limit} milliseconds over time window of {window} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
  },
  ThrottlingBurstRequestLimitExceededError: {
    code: 0x80072322,
    status: 429,
    message: 'Number of requests exceeded the limit of {limit} over time window of {window} seconds.',
  },
  ThrottlingConcurrencyLimitExceededError: {
    code: 0x80072326,
    status: 429,
    message: 'Number of concurrent requests exceeded the limit of {limit}.',
  },
} as const satisfies Record<string, ErrorCode>

export type ErrorName = keyof typeof errorCodes

type Names<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never

/** The values that the template of this error needs. */
export type Placeholders<N extends ErrorName> = {
  readonly [K in Names<(typeof errorCodes)[N]['message']>]: string | number
}
