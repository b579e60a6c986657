import { parseXml, type XmlElement, XmlError } from '../../internal/xml.ts'
import { ImportError } from './imported-tables.ts'

/** Reads an XML document whose root has this name. */
export async function parseDocument(xml: string, root: string, what: string): Promise<XmlElement> {
  let document: XmlElement
  try {
    document = await parseXml(xml)
  } catch (error) {
    if (error instanceof XmlError) throw new ImportError(what, `${error.message}.`)
    throw error
  }
  if (document.name === root) return document
  throw new ImportError(what, `its root is not <${root}>.`)
}
