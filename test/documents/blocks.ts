/** A block of code in a document. */
export interface Block {
  /** Such as `ts` or `sh`; empty for a block that does not say. */
  readonly language: string
  readonly code: string
  /** Where its code begins in the document, from 1. */
  readonly line: number
}

export function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language, 2: code, index }) => ({
    language: language!,
    code: code!,
    line: text.slice(0, index).split('\n').length + 1,
  }))
}

/** The file that a block of TypeScript is: its first line names it. */
export function fileOf({ code, line }: Block): string {
  const file = /^\/\/ (\S+\.ts)$/.exec(code.split('\n', 1)[0]!)?.[1]
  if (!file) throw new Error(`The ts block at line ${line} does not begin with its file name:\n${code}`)
  return file
}

/** Where the text links to within the package, without the anchors. */
export function linksIn(text: string): readonly string[] {
  return [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!)
}
