import { dataverseError } from '../../service/index.ts'
import { loadSax } from './sax.ts'

/** The longest text that is looked at, in UTF-16 code units, and how deep its elements may nest. */
const MAX_LENGTH = 1_048_576
const MAX_DEPTH = 100

/** An element of an XML text, and where its tag ends. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Everything between its tags that is not within a child. */
  readonly text: string
  readonly line: number
  readonly column: number
}

interface GrowingElement extends XmlElement {
  readonly children: GrowingElement[]
  text: string
}

/** The entities that every XML text has; sax would take any name that an object has for one. */
const entities = Object.assign(Object.create(null), { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" })
const ATTRIBUTE = /[^\s=<>/"']+\s*=\s*(?:"[^"]*"|'[^']*')/g

/**
 * Parses an XML text to its root element. Document types, and with them entities of one's own, are refused; so is what is
 * too long or too deep. Throws `InvalidFetchXml` with the line and column of a mistake.
 */
export function parseXml(text: string): XmlElement {
  if (text.length > MAX_LENGTH) throw dataverseError('RequestLengthTooLarge', {})
  const parser = loadSax().parser(true, { position: true })
  Object.assign(parser, { ENTITIES: entities })
  const open: GrowingElement[] = []
  let root: XmlElement | undefined
  const fail = (reason: string): never => {
    throw dataverseError('InvalidFetchXml', {
      reason: `${reason} at line ${parser.line + 1}, column ${parser.column + 1}.`,
    })
  }

  // sax tells what is wrong in the first line of its message, and where in the others.
  parser.onerror = ({ message }) => fail(message.split('\n')[0]!.replace(/\.$/, ''))
  parser.ondoctype = () => fail('A document type is not allowed')
  parser.onopentag = ({ name, attributes }) => {
    // sax passes over an attribute that it has met before.
    const written = text.slice(parser.startTagPosition + name.length, parser.position).match(ATTRIBUTE)?.length ?? 0
    if (written !== Object.keys(attributes).length) fail(`An attribute of <${name}> is given twice or cannot be`)
    if (open.length >= MAX_DEPTH) fail('Elements nest too deep')
    const element: GrowingElement = {
      name,
      attributes: new Map(Object.entries(attributes as Record<string, string>)),
      children: [],
      text: '',
      line: parser.line + 1,
      column: parser.column + 1,
    }
    open.at(-1)?.children.push(element)
    if (open.length === 0) {
      if (root) fail('There is more than one root element')
      root = element
    }
    open.push(element)
  }
  parser.onclosetag = () => void open.pop()
  const addText = (more: string) => {
    const element = open.at(-1)
    if (element) element.text += more
    else if (more.trim() !== '') fail('There is text outside of the root element')
  }
  parser.ontext = addText
  parser.oncdata = addText
  parser.write(text).close()
  return root ?? fail('There is no root element')
}
