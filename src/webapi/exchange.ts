import type { MetadataStore } from '../entities/index.ts'
import type { OrganizationService, RequestOptions } from '../service/index.ts'
import type { Operation } from '../service/operation.ts'
import type { UploadSessions } from './files/upload.ts'
import type { MetadataObject } from './metadata/option-set.ts'
import type { Model } from './model.ts'
import type { Preferences } from './preferences.ts'
import type { Formats } from './rows/formatted-values.ts'
import type { Address } from './url/address.ts'
import type { QueryOptions } from './url/query-options.ts'
import type { WebAnswer, WebRequest } from './web-request.ts'

/** A request that has been read, with everything that answering it takes. */
export interface Exchange {
  readonly request: WebRequest
  readonly address: Address
  /** Where the API lives, as the caller addressed it. */
  readonly baseUrl: string
  readonly basePath: string
  readonly model: Model
  readonly operations: ReadonlyMap<string, Operation>
  /** The choices that are shared by several columns. */
  readonly optionSets: readonly MetadataObject[]
  /** Where the schema can be changed; `undefined`: nowhere. */
  readonly metadata: MetadataStore | undefined
  readonly options: QueryOptions
  readonly preferences: Preferences
  readonly requestOptions: RequestOptions
  readonly maxBodyBytes: number
  /** How the caller reads numbers and times. */
  readonly formats: () => Promise<Formats>
  /** Uploads in several requests that have begun. */
  readonly uploads: UploadSessions
  /** The service of the caller, or of the user whom the caller acts for. */
  readonly service: OrganizationService
  /** Answers another request, with a service of its own where one is given: a part of a batch. */
  readonly answerPart: (request: WebRequest, part: PartContext) => Promise<WebAnswer>
  /** The URLs of rows that earlier parts of a change set have written, by their content ids with a `$` before. */
  readonly contentIds: ReadonlyMap<string, string>
  /** The service of the user on whose behalf another request is made. */
  readonly serviceFor: (request: WebRequest) => OrganizationService | Promise<OrganizationService>
  /** Makes ids of requests and of the boundaries of batches. */
  readonly newId: () => string
}

/** What a part of a batch is answered with beside its own request. */
export interface PartContext {
  /** The service of the change set that the part belongs to. */
  readonly service?: OrganizationService
  readonly contentIds?: ReadonlyMap<string, string>
}
