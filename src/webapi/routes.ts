import { answerBatch } from './batch/answer-batch.ts'
import type { Exchange } from './exchange.ts'
import { uploadFile } from './files/upload.ts'
import { printCsdl } from './metadata/csdl.ts'
import { retrieveMetadataChanges } from './metadata/metadata-changes.ts'
import { readMetadata } from './metadata/read-metadata.ts'
import { writeMetadata } from './metadata/write-metadata.ts'
import { callAction, callFunction } from './operations/call-operation.ts'
import { cancelOperation, readOperation } from './operations/status-monitor.ts'
import { content, json } from './responses.ts'
import { countRows } from './rows/count-rows.ts'
import { createRow } from './rows/create-row.ts'
import { listRows } from './rows/list-rows.ts'
import { deleteProperty, type PropertyAddress, readProperty, readRawValue, writeProperty } from './rows/property.ts'
import { readMember } from './rows/read-member.ts'
import { deleteRow, readRow, writeRow } from './rows/record.ts'
import {
  addReference,
  clearReference,
  readReference,
  readReferences,
  readRelated,
  removeReference,
  setReference,
} from './rows/references.ts'
import { replaceParties } from './rows/replace-parties.ts'
import type { QueryOption } from './url/query-options.ts'
import type { Resource } from './url/resource.ts'
import type { WebAnswer } from './web-request.ts'

/** What a method does to a resource, and the query options that it takes there. */
interface Route {
  readonly options: readonly QueryOption[]
  answer(exchange: Exchange): WebAnswer | Promise<WebAnswer>
}
type Routes = Readonly<Record<string, Route | undefined>>

const ofRow: readonly QueryOption[] = ['$select', '$expand', 'tag']
const ofRows: readonly QueryOption[] = [
  '$select',
  '$filter',
  '$orderby',
  '$expand',
  '$apply',
  '$top',
  '$count',
  '$skiptoken',
  '$deltatoken',
  'fetchXml',
  'savedQuery',
  'userQuery',
  'tag',
]
const onlyTag: readonly QueryOption[] = ['tag']

/** What each method does to a resource. */
export function answersOf(resource: Resource): Routes {
  switch (resource.kind) {
    case 'service':
      return { GET: { options: [], answer: serviceDocument } }
    case 'document':
      return { GET: { options: ['annotations'], answer: metadataDocument } }
    case 'metadata': {
      const { segments } = resource
      return {
        GET: {
          options: ['$select', '$filter', '$expand', '$count'],
          answer: (exchange) => readMetadata(exchange, segments),
        },
        POST: { options: [], answer: (exchange) => writeMetadata(exchange, segments) },
        PUT: { options: [], answer: (exchange) => writeMetadata(exchange, segments) },
        DELETE: { options: [], answer: (exchange) => writeMetadata(exchange, segments) },
      }
    }
    case 'metadataChanges':
      return { GET: { options: [], answer: (exchange) => retrieveMetadataChanges(exchange, resource.text) } }
    case 'backgroundOperation': {
      const { id } = resource
      return {
        GET: { options: [], answer: (exchange) => readOperation(exchange, id) },
        DELETE: { options: [], answer: (exchange) => cancelOperation(exchange, id) },
      }
    }
    case 'batch':
      return { POST: { options: [], answer: answerBatch } }
    case 'collection': {
      const { rows } = resource
      return {
        GET: { options: ofRows, answer: (exchange) => listRows(exchange, rows) },
        POST: { options: ofRow, answer: (exchange) => createRow(exchange, rows) },
        ...(rows.type.table.logicalName === 'activityparty' && rows.of
          ? { PUT: { options: onlyTag, answer: (exchange: Exchange) => replaceParties(exchange, rows) } }
          : {}),
      }
    }
    case 'count':
      return {
        GET: { options: ['$filter', '$deltatoken', 'tag'], answer: (exchange) => countRows(exchange, resource.rows) },
      }
    case 'record': {
      const { row } = resource
      return {
        GET: { options: ofRow, answer: (exchange) => readRow(exchange, row) },
        PATCH: { options: ofRow, answer: (exchange) => writeRow(exchange, row) },
        DELETE: { options: onlyTag, answer: (exchange) => deleteRow(exchange, row) },
      }
    }
    case 'member':
      return { GET: { options: ofRow, answer: (exchange) => readMember(exchange, resource) } }
    case 'property':
      return {
        GET: { options: ['size', 'tag'], answer: (exchange) => readProperty(exchange, resource) },
        PUT: { options: onlyTag, answer: (exchange) => writeProperty(exchange, resource) },
        ...uploadOf(resource),
        DELETE: { options: onlyTag, answer: (exchange) => deleteProperty(exchange, resource) },
      }
    case 'value':
      return { GET: { options: ['size', 'tag'], answer: (exchange) => readRawValue(exchange, resource) } }
    case 'related':
      return { GET: { options: ofRow, answer: (exchange) => readRelated(exchange, resource) } }
    case 'reference':
      return {
        GET: { options: onlyTag, answer: (exchange) => readReference(exchange, resource) },
        PUT: { options: onlyTag, answer: (exchange) => setReference(exchange, resource) },
        DELETE: { options: ['$id', 'tag'], answer: (exchange) => clearReference(exchange, resource) },
      }
    case 'references':
      return {
        GET: { options: onlyTag, answer: (exchange) => readReferences(exchange, resource) },
        POST: { options: onlyTag, answer: (exchange) => addReference(exchange, resource) },
        DELETE: { options: ['$id', 'tag'], answer: (exchange) => removeReference(exchange, resource) },
      }
    case 'operation':
      return resource.operation.kind === 'function'
        ? { GET: { options: onlyTag, answer: (exchange) => callFunction(exchange, resource) } }
        : { POST: { options: onlyTag, answer: (exchange) => callAction(exchange, resource) } }
  }
}

/** Only columns that hold files can be uploaded to. */
function uploadOf(address: PropertyAddress): Routes {
  const { type } = address.row.type.table.columns[address.column]!
  if (type !== 'file' && type !== 'image') return {}
  const options: readonly QueryOption[] = ['x-ms-file-name', 'sessiontoken', 'tag']
  return { PATCH: { options, answer: (exchange) => uploadFile(exchange, address) } }
}

function metadataDocument({ model, operations, options }: Exchange): WebAnswer {
  const annotated = options.get('annotations') === 'true'
  return content(200, 'application/xml', printCsdl(model, operations, annotated))
}

function serviceDocument({ baseUrl, model }: Exchange): WebAnswer {
  const value = [...model.sets.keys()].map((name) => ({ name, kind: 'EntitySet', url: name }))
  return json(200, { '@odata.context': `${baseUrl}/$metadata`, value })
}
