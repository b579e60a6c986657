import { ImportError } from './imported-tables.ts'

/** An XML element: its attributes, its children by name, and its text. */
export class Element {
  constructor(private readonly parsed: Parsed) {}

  attribute(name: string): string | undefined {
    return typeof this.parsed === 'object' ? this.parsed.$?.[name] : undefined
  }

  /** The children with this name, in order. */
  all(name: string): readonly Element[] {
    if (typeof this.parsed !== 'object' || !Object.hasOwn(this.parsed, name)) return []
    const children = this.parsed[name]
    return Array.isArray(children) ? children.map((child: Parsed) => new Element(child)) : []
  }

  first(name: string): Element | undefined {
    return this.all(name)[0]
  }

  /** The element at the end of a path of first children. */
  at(...path: readonly string[]): Element | undefined {
    let found: Element | undefined = this
    for (const name of path) found = found?.first(name)
    return found
  }

  /** The text of the child with this name, without blanks around it; `undefined` where there is none. */
  text(name: string): string | undefined {
    return this.first(name)?.content || undefined
  }

  get content(): string {
    return (typeof this.parsed === 'object' ? (this.parsed._ ?? '') : this.parsed).trim()
  }
}

type Parsed =
  | string
  | ({ readonly $?: Record<string, string>; readonly _?: string } & { readonly [name: string]: unknown })

/**
 * Reads an XML document whose root has this name. Prefixes of namespaces do not count. The library is loaded with the
 * first document.
 */
export async function parseDocument(xml: string, root: string, what: string): Promise<Element> {
  const { parseStringPromise, processors } = (await import('xml2js')).default
  let parsed: Record<string, Parsed> | null
  try {
    parsed = await parseStringPromise(xml, { tagNameProcessors: [processors.stripPrefix] })
  } catch (error) {
    throw new ImportError(what, `it is not well-formed XML: ${(error as Error).message.replaceAll('\n', ' ')}`)
  }
  if (parsed && Object.hasOwn(parsed, root)) return new Element(parsed[root]!)
  throw new ImportError(what, `its root is not <${root}>.`)
}
