import { expect, test } from 'vitest'
import { parseXml, printXml, XmlError } from './xml.ts'

test('elements, attributes and texts are read, whatever their prefixes', async () => {
  const root = await parseXml('<s:Body xmlns:s="urn:s"><s:Item n="1"> a &amp; b </s:Item><s:Item n="2"/></s:Body>')

  expect(root.name).toBe('Body')
  expect(root.all('Item').map((item) => [item.attribute('n'), item.content])).toEqual([
    ['1', 'a & b'],
    ['2', ''],
  ])
  expect(root.at('Item', 'None')).toBeUndefined()
  expect(root.text('Item')).toBe('a & b')
})

test.each([
  ['that declares entities', '<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>', 'a document type is not allowed'],
  ['that names a file', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'a document type is not allowed'],
  ['that nests without end', '<a>'.repeat(20_000) + '</a>'.repeat(20_000), 'nest more than 100 deep'],
  ['that begins without end', '<a>'.repeat(1_000_000), 'nest more than 100 deep'],
  ['that is cut', '<a><b>', 'not well-formed'],
  ['that is nothing', '', 'no root'],
])('a document %s is refused', async (_, xml, message) => {
  await expect(parseXml(xml)).rejects.toThrow(message)
})

test('a document may have any number of elements beside one another, and a hundred in one another', async () => {
  const wide = await parseXml(`<r>${'<a><b/></a>'.repeat(1000)}</r>`)
  expect(wide.all('a')).toHaveLength(1000)
  await expect(parseXml('<a>'.repeat(100) + '</a>'.repeat(100))).resolves.toBeDefined()
  await expect(parseXml('<a>'.repeat(101) + '</a>'.repeat(101))).rejects.toThrow('nest more than 100 deep')
})

test('an element may be called as what objects inherit', async () => {
  const root = await parseXml('<r><constructor>1</constructor><toString/><_>2</_></r>')
  expect(root.names).toEqual(['constructor', 'toString', '_'])
  expect(root.all('constructor').map(({ content }) => content)).toEqual(['1'])
  expect(root.text('_')).toBe('2')
})

test('what is written is read', async () => {
  const text = await printXml('r', { a: [{ b: ' <&"\' ]]> ' }, ''], c: [] })
  expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/)
  const root = await parseXml(text)
  expect(root.at('a', 'b')?.rawContent).toBe(' <&"\' ]]> ')
  expect(root.names).toEqual(['a'])
  await expect(printXml('r', 'a\0b')).rejects.toThrow(XmlError)
})
