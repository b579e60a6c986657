import { documented, observed, provenBy } from './feature.ts'
import { pages } from './pages.ts'

const samples = 'test/clients/microsoft-samples.test.ts'
const library = 'test/webapi/dynamics-web-api.test.ts'
const ify = 'test/clients/dataverse-ify.test.ts'
const python = 'test/clients/python-sdk.test.ts'
const sdk = 'https://learn.microsoft.com/power-apps/developer/data-platform/sdk-python/get-started'

export const clients = {
  'client.samples-basic': observed(
    'Microsoft’s sample of basic operations',
    pages.samples,
    provenBy(samples, 'basic operations'),
  ),
  'client.samples-conditional': observed(
    'Microsoft’s sample of conditional operations',
    pages.samples,
    provenBy(samples, 'conditional operations'),
  ),
  'client.samples-queries': observed(
    'Microsoft’s sample of queries',
    pages.samples,
    provenBy(
      samples,
      'columns, filters and orders',
      'limits, counts and pages',
      'expansions of one and of many, and nested',
      'aggregates',
      'FetchXML, whole and by pages',
      'saved queries and queries of one’s own',
    ),
  ),
  'client.samples-batch': observed(
    'Microsoft’s sample of batches, whose content ids stand among the headers of requests',
    pages.samples,
    provenBy(
      samples,
      'creates accounts in a change set and beside it, and asks who is calling',
      'deletes what a sample has created',
    ),
  ),
  'client.samples-functions': observed(
    'Microsoft’s sample of functions and actions',
    pages.samples,
    provenBy(samples, 'functions and actions'),
  ),
  'client.dynamics-web-api': observed(
    'dynamics-web-api, the package, with rows, queries, batches and files',
    pages.compose,
    provenBy(
      library,
      'create, retrieve',
      'update, updateSingleProperty, upsert, deleteRecord',
      'retrieveMultiple, with every option',
      'fetch, fetchAll',
      'associate, disassociate',
      'callFunction',
      'callAction',
      'answer each request in order, and refer to rows of the same change set',
      'uploadFile, downloadFile, in several blocks',
    ),
  ),
  'client.dynamics-web-api-metadata': observed(
    'dynamics-web-api, the package, with metadata',
    pages.metadataWrite,
    provenBy(
      library,
      'entities: create, update, retrieve one and all',
      'attributes: create, update, retrieve one and all',
    ),
  ),
  'client.dataverse-ify': observed(
    'what dataverse-ify sends: look-ups, queries, references, batches with LF alone',
    pages.compose,
    provenBy(
      ify,
      'the entity set of a table is looked up before it is used for the first time',
      'rows are retrieved with annotations, deleted, and queried by OData and FetchXML',
      'rows are associated with a context, and disassociated in a batch',
      'several requests are executed in a batch with a change set',
      'functions take their parameters from aliases, and actions references with their type',
    ),
  ),
  'client.python-sdk': observed(
    'what the SDK for Python sends: look-ups, bulk operations, jobs, next links',
    sdk,
    provenBy(
      python,
      'a table is looked up by its logical name, and a choice by its labels',
      'several rows are created, changed and upserted by one message',
      'rows are deleted by a job',
      'pages are followed link by link',
    ),
  ),
  'concurrency.if-match': documented(
    'of fifty who count up one row by If-Match, each success is a version of its own',
    pages.conditional,
  ),
  'concurrency.last-version': documented(
    'of fifty who have the same ETag one succeeds, and the others get a 412',
    pages.conditional,
  ),
  'concurrency.upserts': documented('of fifty upserts of one key one creates, and the others update', pages.upsert),
  'concurrency.forks': observed('forks at work side by side do not see each other', pages.compose),
} as const
