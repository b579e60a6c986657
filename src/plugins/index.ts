export type {
  CustomApi,
  CustomApiContext,
  CustomApiOptions,
  Parameter,
  Parameters,
  ParameterType,
  ParameterValues,
  ResponseProperties,
  ResponseProperty,
  ResponseValues,
} from './define-custom-api.ts'
export { callCustomApi, defineCustomApi, parameterTypes } from './define-custom-api.ts'
export type { AnyStepContext, BehindWebhook, Image, ImageColumns, Step, StepContext, Target } from './define-step.ts'
export { defineStep } from './define-step.ts'
export type { ExecutionContext } from './execution-context.ts'
export type {
  ItemDelivery,
  OrderForManualManagement,
  PendingRequest,
  ProductChanges,
  StorefrontInformation,
} from './interworks/index.ts'
export {
  acceptCustomerRequest,
  deliverOrderItems,
  deliveryOf,
  executeWholeOrder,
  interworksCustomApis,
  interworksDefaults,
  interworksSteps,
  ordersForManualManagement,
  pendingCancellationRequests,
  pendingRequestsOf,
  productChangesOf,
  rejectCustomerRequest,
  storefrontInformation,
  submitCustomerRequest,
  submitOrder,
  withdrawCustomerRequest,
} from './interworks/index.ts'
export type {
  CapturedRow,
  Operation,
  OperationContext,
  OperationPart,
  PendingContext,
  PipelineHost,
} from './pipeline.ts'
export { MAX_DEPTH, runPipeline } from './pipeline.ts'
export type {
  AgreementProgress,
  ChangeLogExplanation,
  CheckOptions,
  CreateAgreementsOptions,
  CreatedAgreements,
  MissingChangeLog,
  OfferedProvider,
  ProvisioningDecision,
  ProvisioningRule,
  SkippedProviderAccount,
  Work365Options,
} from './work365/index.ts'
export {
  agreementStatus,
  agreementsOfContract,
  archiveChangeLogsApi,
  changeLogFactsOf,
  changeSourceTags,
  checkChangeLogs,
  checkChangeLogsApi,
  createAgreements,
  createAgreementsApi,
  createWork365Steps,
  explainChangeLog,
  gatherFacts,
  gatherItemFacts,
  loadSettings,
  onboardAgreementApi,
  providersFor,
  publicMailDomains,
  queueProviderSync,
  settle,
  syncsSubscriptions,
  toChangeLog,
  toItem,
  work365CustomApis,
  work365Steps,
} from './work365/index.ts'
