import { batch, changeTracking, errors, files, keys } from './batch.ts'
import { clients } from './clients.ts'
import type { Feature } from './feature.ts'
import { headers } from './headers.ts'
import { operators, queryFunctions } from './operators.ts'
import { access, behaviour, events, metadata, operations } from './platform.ts'
import { fetchXml, predefined, queryOptions } from './queries.ts'
import { contexts, rows, values } from './rows.ts'
import { urls } from './urls.ts'

export type { Feature, Mark, Proof } from './feature.ts'

/** What the report is about, area by area; the id of a feature is its key. */
export const areas = {
  URLs: urls,
  'Headers and preferences': headers,
  Rows: rows,
  '@odata.context': contexts,
  'Values and annotations': values,
  'Query options': queryOptions,
  'Predefined queries': predefined,
  FetchXML: fetchXml,
  'Alternate keys': keys,
  Batches: batch,
  Errors: errors,
  'Change tracking': changeTracking,
  'Files and pictures': files,
  'Functions and actions': operations,
  Metadata: metadata,
  'Platform behaviour': behaviour,
  'Security, impersonation and limits': access,
  'Events and transactions': events,
  'Clients and concurrency': clients,
  'Condition operators': operators,
  'Query functions': queryFunctions,
} as const satisfies Readonly<Record<string, Readonly<Record<string, Feature>>>>

type Areas = typeof areas
type Union<T> = T extends unknown ? keyof T : never
export type FeatureId = Union<Areas[keyof Areas]> & string

/** All features by their ids. */
export const features: ReadonlyMap<string, Feature> = new Map(
  Object.values(areas).flatMap((area) => Object.entries<Feature>(area)),
)
