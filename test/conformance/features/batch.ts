import { documented, observed } from './feature.ts'
import { pages } from './pages.ts'

export const batch = {
  'batch.order': documented('requests of a batch are answered in their order', pages.batch),
  'batch.response-form': documented('the answer of a batch is multipart, byte for byte as documented', pages.batch, {
    provenBy: [
      {
        file: 'test/webapi/batch.test.ts',
        test: 'answers its requests in order, exactly as the platform writes it',
      },
    ],
  }),
  'batch.url-forms': documented('the URLs of parts are absolute, rooted or relative', pages.batch),
  'batch.quoted-boundary': documented('the boundary may be quoted, and is any name', pages.batch),
  'batch.leading-blank-line': observed('a blank line before the first boundary is passed over', pages.batch),
  'batch.lf-only': observed('lines that end with LF alone are read, and headers without a space', pages.batch),
  'batch.missing-line-end': documented('a part that ends without a line end is 0x80048d19', pages.batch, {
    provenBy: [
      { file: 'test/webapi/batch.test.ts', test: 'whose part does not end with a line end is refused in that part' },
    ],
  }),
  'batch.stops-at-failure': documented('a batch stops at its first failure, whose status is the whole’s', pages.batch),
  'batch.continue-on-error': documented('odata.continue-on-error answers all parts, and 200', pages.batch),
  'batch.error-part': documented('a failed part has REQ_ID and the error as JSON', pages.batch),
  'batch.limit': documented('a batch has at most 1000 requests', pages.batch),
  'batch.no-nesting': documented('a batch within a batch is refused', pages.batch),
  'batch.json-on-one-line': observed('JSON in a batch’s answer stands on one line', pages.batch),
  'changeset.atomic': documented('a change set takes effect whole or not at all', pages.batch),
  'changeset.no-get': documented('GET in a change set is refused', pages.batch),
  'changeset.content-id': documented('the answers of a change set carry the content ids', pages.batch),
  'changeset.reference-url': documented(
    '$1 in a URL is the row that the request with that content id wrote',
    pages.batch,
  ),
  'changeset.reference-bind': documented('$1 is bound to a lookup', pages.batch),
  'changeset.reference-odata-id': documented('$1 is a reference in @odata.id', pages.batch),
  'changeset.reference-after-representation': observed('$1 works after a request that asked for its row', pages.batch),
  'changeset.forward-reference': documented('a reference to what comes later is refused', pages.batch),
  'changeset.content-id-zero': observed('0 is a content id', pages.batch),
  'changeset.only-failure-told': observed(
    'of a failed change set only the failure is told, with its content id',
    pages.batch,
  ),
} as const

const code = (code: string, what: string) => documented(`${what} is ${code}`, pages.errorCodes)

export const errors = {
  'error.shape': documented('an error is an object with code and message', pages.compose),
  'error.annotations': documented('details of an error come when annotations are asked for', pages.compose),
  'error.no-annotations': documented('details of an error do not come unasked', pages.compose),
  'error.trace': documented('the trace of a step comes with the error', pages.exceptions),
  'error.operation-status': documented('status and code of a rejection come as annotations', pages.exceptions),
  'error.isv-aborted': code('0x80040265', 'a rejection by a step, with its message and 400,'),
  'error.isv-unexpected': documented('any other exception of a step is 0x80040224', pages.exceptions),
  'error.0x80040217': code('0x80040217', 'a row that is not there'),
  'error.0x80040220': documented('a privilege that is missing is 0x80040220', pages.errorCodes, {
    provenBy: [
      {
        file: 'test/emulator/security.test.ts',
        test: 'for want of a privilege names the user, the privilege and the depth',
      },
    ],
  }),
  'error.0x80040227': code('0x80040227', 'deleting what others must refer to, 405,'),
  'error.0x80040237': code('0x80040237', 'an id that is taken, 412,'),
  'error.0x80040333': code('0x80040333', 'a duplicate, 412,'),
  'error.0x8004431a': code('0x8004431a', 'a choice that there is not'),
  'error.0x80044331': code('0x80044331', 'a text that is too long'),
  'error.0x80048408': code('0x80048408', 'a status reason of another state'),
  'error.0x80048d19': code('0x80048d19', 'a body with a column that there is not'),
  'error.0x80060882': code('0x80060882', 'a version that has passed, 412,'),
  'error.0x80060888': code('0x80060888', 'a property in a URL that there is not'),
  'error.0x80060891': code('0x80060891', 'an alternate key that finds nothing, 404,'),
  'error.0x80060892': code('0x80060892', 'an alternate key that is taken, 412,'),
  'error.0x80072491': code('0x80072491', 'changes of a table that is not tracked'),
  'error.0x80072560': code('0x80072560', 'a caller who is no user'),
  'error.table': documented('codes, names and texts of errors stand in one table', pages.errorCodes, {
    provenBy: [
      { file: 'src/service/error-codes.test.ts', test: 'gives each error the status that the platform documents' },
    ],
  }),
  'error.unexpected': documented('what breaks unexpectedly shows no stack trace', pages.compose, {
    provenBy: [
      { file: 'src/webapi/create-web-api.test.ts', test: 'what breaks unexpectedly is told without a stack trace' },
    ],
  }),
} as const

export const keys = {
  'key.upsert-creates': documented('PATCH by an alternate key creates, with the key’s values', pages.upsert),
  'key.upsert-updates': documented('PATCH by an alternate key updates what is there', pages.upsert),
  'key.upsert-body-wins': documented('where a row is created, the body wins over the key in the URL', pages.upsert),
  'key.upsert-key-kept': documented('where a row is there, a key in the body does not change it', pages.upsert),
  'key.undeclared': documented('columns that are no key are refused with the documented text', pages.alternateKeys),
  'key.composite': documented('a key of two columns identifies a row', pages.alternateKeys),
  'key.unique': documented('a key is taken once, with the documented text', pages.alternateKeys),
  'key.case': documented('keys compare texts without regard to case', pages.alternateKeys),
  'key.null': documented('rows without a value in a key do not conflict', pages.alternateKeys),
} as const

export const changeTracking = {
  'changes.delta-link': documented('odata.track-changes gives rows and a delta link', pages.changeTracking),
  'changes.token-form': documented('the token is a version and a moment', pages.changeTracking),
  'changes.follow': documented('the delta link gives new and changed rows, then deleted ones', pages.changeTracking),
  'changes.deleted-form': documented('a deleted row has its own context, id and reason', pages.changeTracking),
  'changes.none': documented('when nothing changed, the answer is empty and has a new link', pages.changeTracking),
  'changes.created-and-deleted': documented('a row that came and went is told as deleted', pages.changeTracking),
  'changes.count': documented('$count with a token counts the changes', pages.changeTracking),
  'changes.options': documented('$filter, $orderby, $expand and $top are refused with it', pages.changeTracking),
  'changes.expired': documented('a token of more than seven days ago fails', pages.changeTracking),
  'changes.not-enabled': documented('a table that is not tracked is refused', pages.changeTracking),
} as const

export const files = {
  'file.column-value': documented('a file column shows the file’s id and its name', pages.files),
  'file.not-in-body': documented('a file column is not set in the body of a row', pages.files),
  'file.upload': documented('a file is uploaded by PATCH of its column', pages.files),
  'file.upload-name-in-query': documented(
    'the name of a file may stand in the query, and the header wins',
    pages.files,
  ),
  'file.upload-chunked': documented('a file is uploaded in chunks: 200, 206, 204', pages.files),
  'file.upload-begin-headers': documented(
    'the begin of an upload says where to, and how large chunks are',
    pages.files,
  ),
  'file.download': documented('$value is the file’s bytes', pages.files),
  'file.download-range': documented('a range is a 206 with name and size', pages.files),
  'file.download-json': observed('the column itself with a range is a 206 with base64', pages.files),
  'file.delete': documented('DELETE of the column clears the file', pages.files),
  'file.too-large': documented('a file that is too large is 0x80044a02', pages.files),
  'file.messages': documented('files are uploaded and downloaded in blocks by messages', pages.files, {
    provenBy: [
      { file: 'test/emulator/files.test.ts', test: 'a file is uploaded in blocks, and downloaded in others' },
      { file: 'test/client/with-emulator.test.ts', test: 'a file goes up and comes down block by block' },
    ],
  }),
  'file.image': documented('a picture is base64, with an id, a moment and an address', pages.images),
} as const
