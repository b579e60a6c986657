import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ErrorName, errorCodes, toHexCode } from './index.ts'

interface Entry {
  readonly name: string
  readonly code: string
  readonly status: number
  readonly message: string
}

const inCode: readonly Entry[] = Object.entries(errorCodes).map(([name, { code, status, message }]) => ({
  name,
  code: toHexCode(code),
  status,
  message,
}))

/** The rows of the tables in a Markdown text whose first cell is a code. */
function parseErrorTables(markdown: string): (Entry & { readonly when: string })[] {
  return markdown.split('\n').flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
    const [, code = '', name = '', status = '', message = '', when = ''] = cells
    if (!/^`0x[0-9a-f]{8}`$/.test(code)) return []
    return [{ name: unquote(name), code: unquote(code), status: Number(status), message, when }]
  })
}

const unquote = (cell: string) => cell.replace(/^`(.*)`$/, '$1')

describe('docs/errors.md', () => {
  const documented = parseErrorTables(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8'))

  test('lists exactly the errors of the table, each once', () => {
    const names = documented.map(({ name }) => name)
    expect(
      names.filter((name, at) => names.indexOf(name) !== at),
      'listed twice',
    ).toEqual([])
    expect(
      names.filter((name) => !Object.hasOwn(errorCodes, name)),
      'listed, but not in error-codes.ts',
    ).toEqual([])
    expect(
      inCode.map(({ name }) => name).filter((name) => !names.includes(name)),
      'not listed',
    ).toEqual([])
  })

  test.each(documented.map((row) => [row.name, row] as const))(
    '%s has the code, status and message of the table',
    (name, row) => {
      const { when, ...entry } = row
      expect(entry).toEqual(inCode.find((known) => known.name === name))
      expect(when).not.toBe('')
    },
  )

  test('a row is read with a bar in its message, and prose is not', () => {
    expect(parseErrorTables('| Code |\n| --- |\n| `0x80040217` | `Lost` | 404 | a \\| b | gone |\n0x80040217')).toEqual(
      [{ code: '0x80040217', name: 'Lost', status: 404, message: 'a | b', when: 'gone' }],
    )
  })
})

describe('the table of errors', () => {
  /** What the platform documents of HTTP statuses, by name; anything else is a 400. */
  const statuses: Readonly<Record<number, readonly ErrorName[]>> = {
    401: ['InvalidUserAuth'],
    403: [
      'AccessDenied',
      'AttributePermissionUpdateIsMissingDuringUpdate',
      'AttributePrivilegeCreateIsMissing',
      'CannotActOnBehalfOfAnotherUser',
      'CrmSecurityError',
      'PrincipalPrivilegeDenied',
      'PrivilegeDenied',
      'UserNotAssignedRoles',
      'UserNotMemberOfOrg',
      'unManagedIdsAccessDenied',
      'unManagedidsusernotenabled',
    ],
    404: ['CrmHttpError', 'ObjectDoesNotExist', 'RecordNotFoundByEntityKey', 'ResourceNotFoundForSegment'],
    405: ['CannotDeleteDueToAssociation'],
    412: ['ConcurrencyVersionMismatch', 'DuplicateRecord', 'DuplicateRecordEntityKey', 'DuplicateRecordsFound'],
    413: ['RequestLengthTooLarge'],
    429: [
      'ThrottlingBurstRequestLimitExceededError',
      'ThrottlingConcurrencyLimitExceededError',
      'ThrottlingTimeExceededError',
    ],
    500: ['IsvUnExpected', 'UnExpected', 'unManagedidssqltimeouterror'],
  }

  test('gives each error the status that the platform documents', () => {
    const expected = (name: string) =>
      Number(Object.entries(statuses).find(([, names]) => (names as readonly string[]).includes(name))?.[0] ?? 400)
    expect(inCode.filter(({ name, status }) => status !== expected(name))).toEqual([])
  })

  test('shares a code only where the platform has one code for several texts', () => {
    const codes = inCode.map(({ code }) => code)
    const shared = new Set(codes.filter((code, at) => codes.indexOf(code) !== at))
    expect([...shared].sort()).toEqual(['0x80048408', '0x80048d19', '0x80060888'])
  })

  test('has a code of eight hexadecimal digits and a text for each', () => {
    expect(inCode.filter(({ code }) => !/^0x80[0-9a-f]{6}$/.test(code))).toEqual([])
    expect(inCode.filter(({ message }) => message === '')).toEqual([])
  })

  test('names its placeholders', () => {
    expect(inCode.filter(({ message }) => /\{\d*\}/.test(message))).toEqual([])
  })
})
