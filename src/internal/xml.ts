/** An XML element: its attributes, its children by name, and its text. */
export class XmlElement {
  readonly name: string
  readonly #parsed: Parsed

  constructor(name: string, parsed: Parsed) {
    this.name = name
    this.#parsed = parsed
  }

  attribute(name: string): string | undefined {
    return typeof this.#parsed === 'object' ? this.#parsed[ATTRIBUTES]?.[name] : undefined
  }

  /** The children with this name, in order. */
  all(name: string): readonly XmlElement[] {
    if (typeof this.#parsed !== 'object' || !Object.hasOwn(this.#parsed, name)) return []
    const children = this.#parsed[name]
    return Array.isArray(children) ? children.filter(isParsed).map((child) => new XmlElement(name, child)) : []
  }

  /** The names of its children, each once. */
  get names(): readonly string[] {
    return typeof this.#parsed === 'object'
      ? Object.keys(this.#parsed).filter((name) => name !== TEXT && name !== ATTRIBUTES)
      : []
  }

  first(name: string): XmlElement | undefined {
    return this.all(name)[0]
  }

  /** The element at the end of a path of first children. */
  at(...path: readonly string[]): XmlElement | undefined {
    let found: XmlElement | undefined = this
    for (const name of path) found = found?.first(name)
    return found
  }

  /** The text of the child with this name, without blanks around it; `undefined` where there is none. */
  text(name: string): string | undefined {
    return this.first(name)?.content || undefined
  }

  /** Its text, without blanks around it. */
  get content(): string {
    return this.rawContent.trim()
  }

  /** Its text as it stands. */
  get rawContent(): string {
    return typeof this.#parsed === 'object' ? (this.#parsed[TEXT] ?? '') : this.#parsed
  }
}

/** Under these the library keeps what is no child; no element can be called so. */
const ATTRIBUTES = '@'
const TEXT = '#'

type Parsed =
  | string
  | ({ readonly [ATTRIBUTES]?: Record<string, string>; readonly [TEXT]?: string } & {
      readonly [name: string]: unknown
    })

/** Of an element called `constructor` the library takes the prototype's for the first. */
const isParsed = (child: unknown): child is Parsed =>
  typeof child === 'string' || (typeof child === 'object' && child !== null && child !== Object.prototype)

/** Why a text is not taken for an XML document. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

const MOST_DEPTH = 100

/**
 * Reads an XML document to its root. Prefixes of namespaces do not count. Document types are refused, so that no entity
 * means more than itself, and so is what nests too deep. The library is loaded with the first document.
 *
 * @throws XmlError for what is not well-formed, or refused.
 */
export async function parseXml(xml: string): Promise<XmlElement> {
  if (/<!DOCTYPE/i.test(xml)) throw new XmlError('a document type is not allowed')
  const { parseStringPromise, processors } = (await import('xml2js')).default
  const depth = countDepth()
  let parsed: Record<string, Parsed> | null
  try {
    parsed = await parseStringPromise(xml, {
      attrkey: ATTRIBUTES,
      charkey: TEXT,
      // The hooks that are called where an element begins, and where it ends.
      tagNameProcessors: [depth.enter, processors.stripPrefix],
      validator: depth.leave,
    })
  } catch (error) {
    if (error instanceof XmlError) throw error
    throw new XmlError(`it is not well-formed XML: ${(error as Error).message.replaceAll('\n', ' ')}`)
  }
  const [root] = Object.entries(parsed ?? {})
  if (!root) throw new XmlError('it has no root')
  return new XmlElement(...root)
}

/** What an element has: a text, children by name, or several of one name. */
export type XmlContent = string | readonly XmlContent[] | { readonly [name: string]: XmlContent }

/**
 * Writes an XML document in one line, with its declaration. The library is loaded with the first document.
 *
 * @throws XmlError for a text with characters that XML cannot have.
 */
export async function printXml(root: string, content: XmlContent): Promise<string> {
  const { Builder } = (await import('xml2js')).default
  const builder = new Builder({
    rootName: root,
    attrkey: ATTRIBUTES,
    charkey: TEXT,
    xmldec: { version: '1.0', encoding: 'UTF-8' },
    renderOpts: { pretty: false },
  })
  try {
    return builder.buildObject(content)
  } catch (error) {
    throw new XmlError(`it cannot be written as XML: ${(error as Error).message.replaceAll('\n', ' ')}`)
  }
}

/** Refuses at the beginning of the element that is too deep: what follows it would fill the memory. */
function countDepth() {
  let depth = 0
  return {
    enter(name: string): string {
      if (++depth > MOST_DEPTH) throw new XmlError(`its elements nest more than ${MOST_DEPTH} deep`)
      return name
    },
    leave(_path: string, _current: unknown, value: unknown): unknown {
      depth--
      return value
    },
  }
}
