import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMethodCall, parseMethodResponse, printMethodCall, printMethodResponse } from './message.ts'
import { memberOf, XmlRpcError, type XmlRpcValue } from './value.ts'

/** Characters that XML can have. */
const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what XML cannot have
  .map((value) => value.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ''))

const second = fc
  .integer({ min: Date.UTC(1, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 })
  .map((seconds) => new Date(seconds * 1000))

const { value } = fc.letrec<{ value: XmlRpcValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.boolean(),
    text,
    second,
    fc.uint8Array({ maxLength: 12 }),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '#', '@')), tie('value')), {
        selector: ([name]) => name,
        maxLength: 4,
      })
      .map((members) => Object.fromEntries(members)),
  ),
}))

// Vitest takes a member called `constructor` for the type of the object.
test('what is written is read as it was: calls, answers and faults', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 3 }), fc.integer(), text, async (params, code, message) => {
      const call = { method: 'pem.get_it', params }
      deepStrictEqual(await parseMethodCall(await printMethodCall(call)), call)
      const answer = { value: params }
      deepStrictEqual(await parseMethodResponse(await printMethodResponse(answer)), answer)
      const fault = { fault: { code, message } }
      deepStrictEqual(await parseMethodResponse(await printMethodResponse(fault)), fault)
    }),
  )
})

const response = (value: string) => `<methodResponse><params><param>${value}</param></params></methodResponse>`
const read = (value: string) => parseMethodResponse(response(`<value>${value}</value>`))

test.each<[string, string, XmlRpcValue]>([
  ['without a type', ' a &lt; b ', ' a < b '],
  ['of nothing', '', ''],
  ['of blanks', '<string>  </string>', '  '],
  ['as int', '<int>-12</int>', -12],
  ['with a sign', '\n <i4> +7 </i4> ', 7],
  [
    'of 64 bits',
    '<ex:i8 xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions">9007199254740993</ex:i8>',
    9007199254740993n,
  ],
  ['with an exponent', '<double>-1.5e3</double>', -1500],
  ['that is a moment', '<dateTime.iso8601>20261124T09:00:05</dateTime.iso8601>', new Date('2026-11-24T09:00:05Z')],
  ['with a zone', '<dateTime.iso8601>2026-11-24T09:00:05+0100</dateTime.iso8601>', new Date('2026-11-24T08:00:05Z')],
  ['of bytes on two lines', '<base64>aGVs\n bG8=</base64>', new TextEncoder().encode('hello')],
  ['that is nil', '<nil/>', null],
  ['that is an empty array', '<array><data/></array>', []],
  ['that is an empty struct', '<struct/>', {}],
])('a value %s is read', async (_, wire, expected) => {
  expect(await read(wire)).toStrictEqual({ value: expected })
})

test.each<[string, XmlRpcValue, string]>([
  ['a whole number', 12, '<i4>12</i4>'],
  ['a larger one', 2 ** 31, '<double>2147483648</double>'],
  ['a bigint', 12n, '<i8>12</i8>'],
  ['a part', 0.5, '<double>0.5</double>'],
  ['a truth', true, '<boolean>1</boolean>'],
  ['a moment', new Date('2026-11-24T09:00:05.678Z'), '<dateTime.iso8601>20261124T09:00:05</dateTime.iso8601>'],
  ['bytes', new Uint8Array([1, 2]), '<base64>AQI=</base64>'],
  ['nothing', null, '<nil/>'],
])('%s has a type of its own', async (_, value, wire) => {
  expect(await printMethodCall({ method: 'm', params: [value] })).toContain(`<value>${wire}</value>`)
})

test('a number is printed without an exponent', async () => {
  expect(await printMethodResponse({ value: [1.5e21, -2.5e-7, 2 ** 31] })).toMatch(
    /<double>1500000000000000000000<\/double>.*<double>-0\.00000025<\/double>.*<double>2147483648<\/double>/,
  )
})

describe('what is none is refused, and says why', () => {
  test.each([
    ['a number that is none', '<int>1e3</int>', "'1e3' is not a whole number of 32 bits"],
    ['a number too large', '<i4>2147483648</i4>', 'not a whole number of 32 bits'],
    ['a number of more than 64 bits', '<i8>9223372036854775808</i8>', 'not a whole number of 64 bits'],
    ['no number', '<double>NaN</double>', 'not a number'],
    ['neither 0 nor 1', '<boolean>true</boolean>', 'not 0 or 1'],
    ['a day that there is not', '<dateTime.iso8601>20260231T09:00:00</dateTime.iso8601>', 'not a date'],
    ['no Base64', '<base64>a</base64>', 'not Base64'],
    ['an unknown type', '<money>3</money>', 'the type money'],
    ['a type that objects inherit', '<constructor>3</constructor>', 'the type constructor'],
    ['a type called as the prototype', '<__proto__/>', 'the type __proto__'],
    ['two types', '<int>1</int><string>1</string>', 'more than one type'],
    ['a type twice', '<int>1</int><int>2</int>', 'more than one type'],
    ['an array without data', '<array/>', 'not exactly one data'],
    ['a member without a name', '<struct><member><value/></member></struct>', 'not exactly one name'],
    [
      'a member twice',
      '<struct><member><name>a</name><value/></member><member><name>a</name><value/></member></struct>',
      'a member twice',
    ],
    ['arrays without end', '<array><data><value>'.repeat(30) + '</value></data></array>'.repeat(30), 'nest more than'],
  ])('%s', async (_, wire, why) => {
    const error = await read(wire).catch((error) => error)
    expect(error).toBeInstanceOf(XmlRpcError)
    expect(error.message).toContain(why)
  })

  test.each([
    ['an HTML page', '<html><body/></html>', 'its root is html'],
    ['an answer of nothing', '<methodResponse/>', 'not exactly one params'],
    ['a fault without a code', '<methodResponse><fault><value/></fault></methodResponse>', 'no code'],
    ['entities', '<!DOCTYPE m [<!ENTITY a "aaa">]><methodResponse>&a;</methodResponse>', 'document type'],
    ['half an answer', '<methodResponse><params>', 'not well-formed'],
    ['no answer', '', 'no root'],
  ])('%s', async (_, document, why) => {
    const error = await parseMethodResponse(document).catch((error) => error)
    expect(error).toBeInstanceOf(XmlRpcError)
    expect(error.message).toContain(why)
  })

  test.each<[string, unknown, string]>([
    ['infinity', Number.POSITIVE_INFINITY, 'not a number that can be sent'],
    ['nothing at all', undefined, 'no type for a undefined'],
    ['a function', () => {}, 'no type for a function'],
    ['a date that is none', new Date(Number.NaN), 'a date is none'],
    ['a number of 65 bits', 2n ** 64n, 'more than 64 bits'],
    ['a character that XML cannot have', 'a\0b', 'cannot be written'],
    ['an array in a circle', circle(), 'nest more than'],
  ])('%s is not sent', async (_, value, why) => {
    const sent = (async () => printMethodCall({ method: 'm', params: [value as XmlRpcValue] }))()
    await expect(sent).rejects.toThrow(XmlRpcError)
    await expect(sent).rejects.toThrow(why)
  })
})

function circle(): unknown[] {
  const round: unknown[] = []
  round.push(round)
  return round
}

test('members called as what objects inherit are members, and change nothing', async () => {
  const document = response(
    '<value><struct><member><name>__proto__</name><value><struct><member><name>isAdmin</name><value>1</value></member></struct></value></member></struct></value>',
  )
  const answer = await parseMethodResponse(document)
  const value = 'value' in answer ? answer.value : null

  expect(Object.keys(value as object)).toEqual(['__proto__'])
  expect(({} as { isAdmin?: string }).isAdmin).toBeUndefined()
  expect(memberOf(value, 'isAdmin')).toBeUndefined()
  expect(memberOf(value, 'toString')).toBeUndefined()
})

test('whatever is sent, the reader answers or refuses, and never breaks', async () => {
  const tags = [
    'methodResponse',
    'params',
    'param',
    'value',
    'struct',
    'member',
    'name',
    'array',
    'data',
    'int',
    'fault',
    '_',
    'a:b',
    'toString',
  ]
  const piece = fc.oneof(
    fc.constantFrom(...tags.flatMap((tag) => [`<${tag}>`, `</${tag}>`, `<${tag}/>`])),
    fc.constantFrom('<![CDATA[', ']]>', '<!--', '-->', '&lt;', '&#0;', '&boom;', '<?x?>', '<!DOCTYPE a>', ' '),
    fc.string({ maxLength: 5 }),
  )
  const documents = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc.tuple(value, fc.nat(), fc.nat(), piece).map(([value, at, length, piece]) => ({ value, at, length, piece })),
  )
  await fc.assert(
    fc.asyncProperty(documents, async (drawn) => {
      const document = typeof drawn === 'string' ? drawn : await mutated(drawn)
      for (const parse of [parseMethodResponse, parseMethodCall]) {
        const error = await parse(document).then(
          () => undefined,
          (error) => error,
        )
        if (error !== undefined) expect(error).toBeInstanceOf(XmlRpcError)
      }
    }),
    { numRuns: 500 },
  )
})

interface Mutation {
  readonly value: XmlRpcValue
  readonly at: number
  readonly length: number
  readonly piece: string
}

/** A good answer with a part of it replaced. */
async function mutated({ value, at, length, piece }: Mutation): Promise<string> {
  const good = await printMethodResponse({ value })
  const from = at % good.length
  return good.slice(0, from) + piece + good.slice(from + (length % 20))
}
