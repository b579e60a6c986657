import { documented, observed } from './feature.ts'
import { pages } from './pages.ts'

export const urls = {
  'url.service-document': documented('the root lists the entity sets', pages.serviceDocuments),
  'url.record': documented('a row is addressed by its GUID, bare in parentheses', pages.retrieve),
  'url.named-key': documented('a row is addressed by its primary key and its name', pages.retrieve),
  'url.named-key-of-principals': documented(
    'systemusers and teams are not addressed by systemuserid and teamid',
    pages.retrieve,
  ),
  'url.alternate-key': documented('a row is addressed by an alternate key, text in quotes', pages.alternateKeys),
  'url.alternate-key-lookup': documented(
    'a lookup in an alternate key is addressed as _column_value',
    pages.alternateKeys,
  ),
  'url.property': documented('a column of a row is a resource with a value', pages.retrieve),
  'url.property-put': documented('a column of a row is set by PUT', pages.update),
  'url.property-delete': documented('a column of a row is emptied by DELETE', pages.update),
  'url.property-value': documented('$value answers a column’s value bare', pages.retrieve),
  'url.navigation-single': documented('a lookup leads to the row that it refers to', pages.retrieve),
  'url.navigation-collection': documented(
    'a collection-valued property is a collection that takes options',
    pages.retrieve,
  ),
  'url.ref-collection': documented('$ref of a collection answers where its rows are', pages.retrieve),
  'url.count': documented('$count answers a bare number behind a byte order mark', pages.count),
  'url.count-related': documented('$count counts the rows that a row is linked with', pages.count),
  'url.function-parentheses': documented(
    'a function without parameters is called with parentheses or without',
    pages.functions,
  ),
  'url.function-aliases': documented('parameters of a function are given by alias, or inline', pages.functions),
  'url.bound-operation': documented('an operation on a row is called with its namespace', pages.actions),
  'url.bound-without-namespace': documented('an operation on a row is not found without its namespace', pages.actions),
  'url.double-slash': observed('a doubled slash after the version is passed over', pages.compose),
  'url.trailing-question-mark': observed('a question mark without a query is passed over', pages.functions),
  'url.trailing-comma': observed('a comma at the end of $select is passed over', pages.select),
  'url.encoded-option': observed('the names of options and aliases may be percent-encoded', pages.overview),
  'url.plus-is-space': observed('a plus in fetchXml is a space', pages.fetch),
  'url.case-of-options': documented('names of options are written in one case only', pages.overview),
  'url.case-of-properties': documented('names of properties and sets are written in one case only', pages.overview),
  'url.unknown-segment': documented('an entity set that there is not is a 404 that names it', pages.compose),
  'url.method-not-allowed': documented('a method that a resource does not have is a 405', pages.compose),
  'url.too-long': documented('a URL of more than 32 KB is refused', pages.overview),
  'url.too-long-in-batch': documented('a URL in a batch may have 64 KB', pages.overview),
} as const
