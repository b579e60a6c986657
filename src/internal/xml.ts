/** An XML element: its attributes, its children by name, and its text. */
export class XmlElement {
  readonly name: string
  readonly #parsed: Parsed

  constructor(name: string, parsed: Parsed) {
    this.name = name
    this.#parsed = parsed
  }

  attribute(name: string): string | undefined {
    return typeof this.#parsed === 'object' ? this.#parsed.$?.[name] : undefined
  }

  /** The children with this name, in order. */
  all(name: string): readonly XmlElement[] {
    if (typeof this.#parsed !== 'object' || !Object.hasOwn(this.#parsed, name)) return []
    const children = this.#parsed[name]
    return Array.isArray(children) ? children.map((child: Parsed) => new XmlElement(name, child)) : []
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

  get content(): string {
    return (typeof this.#parsed === 'object' ? (this.#parsed._ ?? '') : this.#parsed).trim()
  }
}

type Parsed =
  | string
  | ({ readonly $?: Record<string, string>; readonly _?: string } & { readonly [name: string]: unknown })

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
  let parsed: Record<string, Parsed> | null
  try {
    parsed = await parseStringPromise(xml, {
      tagNameProcessors: [processors.stripPrefix],
      // The one hook that is told where an element stands.
      validator: refuseDepth,
    })
  } catch (error) {
    if (error instanceof XmlError) throw error
    throw new XmlError(`it is not well-formed XML: ${(error as Error).message.replaceAll('\n', ' ')}`)
  }
  const [root] = Object.entries(parsed ?? {})
  if (!root) throw new XmlError('it has no root')
  return new XmlElement(...root)
}

function refuseDepth(path: string, _current: unknown, value: unknown): unknown {
  if (path.split('/').length - 1 > MOST_DEPTH) throw new XmlError(`its elements nest more than ${MOST_DEPTH} deep`)
  return value
}
