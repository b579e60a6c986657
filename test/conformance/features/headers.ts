import { documented, observed, provenBy } from './feature.ts'
import { pages } from './pages.ts'

const background = 'test/webapi/background-operations.test.ts'

export const headers = {
  'header.odata-version': documented('every answer has OData-Version 4.0, asked for or not', pages.compose),
  'header.content-type': documented('JSON comes as application/json with minimal metadata', pages.compose),
  'header.request-without-accept': documented('a request without Accept and OData headers is answered', pages.compose),
  'header.content-type-entry': observed('a body may have the type application/json;type=entry', pages.batch),
  'header.if-none-match-null': documented('If-None-Match with the word null is no condition', pages.compose),
  'header.if-none-match-etag': documented(
    'a row that the caller already has is a 304 without a body',
    pages.conditional,
  ),
  'header.not-304-with-expand': documented('a row asked for with $expand is never a 304', pages.conditional),
  'header.not-304-with-annotations': documented('a row asked for with annotations is never a 304', pages.conditional),
  'header.if-none-match-collection': documented(
    'an ETag in If-None-Match is no condition on a collection, which has none',
    pages.conditional,
  ),
  'header.if-none-match-star': documented('PATCH with If-None-Match * only creates', pages.conditional),
  'header.if-match-star': documented('PATCH with If-Match * only updates', pages.conditional),
  'header.if-match-etag': documented('PATCH and DELETE with an ETag that has passed are a 412', pages.conditional),
  'header.if-match-and-null': observed('If-Match * and If-None-Match null come together', pages.conditional),
  'header.return-representation-post': documented('POST that is to represent the row is a 201 with it', pages.create),
  'header.return-representation-patch': documented(
    'PATCH that is to represent the row is a 200 with it, or a 201 where it created',
    pages.update,
  ),
  'header.return-representation-select': documented(
    'a represented row has what is selected and expanded',
    pages.create,
  ),
  'header.preference-applied': documented('Preference-Applied says which preferences were heeded', pages.compose),
  'header.include-annotations-all': documented(
    'annotations come when all are asked for, and not unasked',
    pages.compose,
  ),
  'header.include-annotations-wildcard': documented(
    'annotations are asked for by name, with a star at the end',
    pages.compose,
  ),
  'header.maxpagesize': documented('odata.maxpagesize sets the size of pages, and is applied', pages.page),
  'header.prefer-comma': documented('preferences are separated by commas', pages.compose),
  'header.prefer-semicolon': documented('preferences are separated by semicolons, too', pages.page),
  'header.prefer-repeated': observed('several Prefer headers count as one', pages.compose),
  'header.respond-async': documented(
    'respond-async leaves a custom API to run in the background: 202, with where to ask for it',
    pages.backgroundOperations,
    provenBy(background, 'is a 202 at once, and runs when asynchronous work is drained'),
  ),
  'header.respond-async-callback': documented(
    'odata.callback names a URL that is told of the end of a background operation',
    pages.backgroundOperations,
    provenBy(background, 'is posted to when the operation has ended, without the results'),
  ),
  'header.respond-async-other': documented(
    'respond-async for rows is refused by name: custom APIs only run in the background',
    pages.backgroundOperations,
    {
      refused: true,
      ...provenBy(background, 'the platform’s own operations and rows are asked for without respond-async'),
    },
  ),
  'header.bypass-plugins': documented('MSCRM.BypassCustomPluginExecution skips synchronous steps', pages.bypass),
  'header.bypass-logic': documented(
    'MSCRM.BypassBusinessLogicExecution skips the steps it names the mode of',
    pages.bypass,
  ),
  'header.bypass-step-ids': documented('MSCRM.BypassBusinessLogicExecutionStepIds is refused by name', pages.bypass, {
    refused: true,
  }),
  'header.suppress-flows': documented(
    'MSCRM.SuppressCallbackRegistrationExpanderJob is taken, as there are no flows',
    pages.optionalParameters,
  ),
  'header.duplicate-detection-on': documented(
    'MSCRM.SuppressDuplicateDetection false turns detection on: a duplicate is a 412',
    pages.duplicates,
  ),
  'header.duplicate-detection-off': documented('duplicates are not looked for unless asked', pages.duplicates),
  'header.session-token': documented('MSCRM.SessionToken, of elastic tables, is refused by name', pages.compose, {
    refused: true,
  }),
  'header.consistency': documented('Consistency Strong is taken', pages.compose),
  'header.tag': documented('a tag in the URL reaches the steps as a shared variable', pages.optionalParameters),
  'header.client-request-id': observed('ids of a client’s requests are taken', pages.compose),
  'header.odata-entity-id': documented('POST answers 204 with the URL of the row in OData-EntityId', pages.create),
  'header.odata-entity-id-as-addressed': documented(
    'PATCH answers 204 with the URL as it was addressed, alternate keys too',
    pages.upsert,
  ),
  'header.etag': documented('GET of a row has its ETag as a header, too', pages.conditional),
  'header.head': documented('HEAD answers as GET does, without the body', pages.compose),
  'header.request-id': observed('every answer has the id of its request', pages.compose),
  'header.allow': documented('a 405 says which methods there are', pages.compose),
  'header.full-metadata': documented(
    'odata.metadata=full says of which type rows and values are, and where everything leads',
    pages.compose,
  ),
  'header.no-metadata': documented(
    'odata.metadata=none leaves values, counts and links to what follows',
    pages.compose,
  ),
} as const
