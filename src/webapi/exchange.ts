import type { OrganizationService, RequestOptions } from '../service/index.ts'
import type { Model } from './model.ts'
import type { Preferences } from './preferences.ts'
import type { QueryOptions } from './query-options.ts'

/** A request that has been read, with everything that answering it takes. */
export interface Exchange {
  readonly request: Request
  readonly url: URL
  /** Where the API lives, as the caller addressed it. */
  readonly baseUrl: string
  readonly basePath: string
  readonly model: Model
  readonly options: QueryOptions
  readonly preferences: Preferences
  readonly requestOptions: RequestOptions
  readonly maxBodyBytes: number
  /** The service of the caller, or of the user whom the caller acts for. */
  readonly service: OrganizationService
}
