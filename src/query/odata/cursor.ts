import { type Token, tokenize } from './tokens.ts'
import { uriError, uriErrorAt } from './uri-error.ts'

/** How deep parentheses, lambdas, `not`s and options may nest. The platform's parser has a limit too, and this text. */
const MAX_DEPTH = 100

/** Goes through the tokens of one text, and says where what is wrong with it. */
export class Cursor {
  private readonly tokens: readonly Token[]
  private at = 0
  private depth = 0

  constructor(readonly text: string) {
    this.tokens = tokenize(text)
  }

  get token(): Token {
    return this.tokens[this.at]!
  }

  peek(ahead = 1): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!
  }

  next(): Token {
    const { token } = this
    if (token.kind !== 'end') this.at++
    return token
  }

  isEnd(): boolean {
    return this.token.kind === 'end'
  }

  isSign(sign: string): boolean {
    return this.token.kind === 'sign' && this.token.text === sign
  }

  /** Whether the sign stands anywhere in the text, outside of literals. */
  mentionsSign(sign: string): boolean {
    return this.tokens.some(({ kind, text }) => kind === 'sign' && text === sign)
  }

  isName(name: string): boolean {
    return this.token.kind === 'name' && this.token.text === name
  }

  /** Goes past the sign or the name if it stands here, and says whether it did. */
  skipSign(sign: string): boolean {
    const found = this.isSign(sign)
    if (found) this.at++
    return found
  }

  skipName(name: string): boolean {
    const found = this.isName(name)
    if (found) this.at++
    return found
  }

  expectSign(sign: string, expected = `'${sign}' expected`): void {
    if (!this.skipSign(sign)) throw this.error(expected)
  }

  expectName(): Token {
    if (this.token.kind !== 'name') throw this.error('Syntax error')
    return this.next()
  }

  expectEnd(): void {
    if (!this.isEnd()) throw this.error('Syntax error')
  }

  error(what: string, position: number = this.token.position) {
    return uriErrorAt(what, position, this.text)
  }

  /** Parses something that can contain itself. */
  nested<T>(parse: () => T): T {
    if (++this.depth > MAX_DEPTH) throw uriError('Recursion depth exceeded allowed limit.')
    const result = parse()
    this.depth--
    return result
  }

  /** Text from one token up to another, as it is written. */
  textBetween(from: Token, to: Token): string {
    return this.text.slice(from.position, to.position).trim()
  }
}
