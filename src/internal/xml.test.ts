import { expect, test } from 'vitest'
import { parseXml } from './xml.ts'

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
  ['that is cut', '<a><b>', 'not well-formed'],
  ['that is nothing', '', 'no root'],
])('a document %s is refused', async (_, xml, message) => {
  await expect(parseXml(xml)).rejects.toThrow(message)
})
