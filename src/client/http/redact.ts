const MASK = '[redacted]'

/** What must not be printed, and a way to take it out of a text. */
export interface Secrets {
  add(...secrets: readonly (string | undefined)[]): void
  redact(text: string): string
}

/** Tokens come and go: the last few are remembered, so that an error that comes late is still printed without. */
const MOST = 20

export function createSecrets(): Secrets {
  const known: string[] = []
  return {
    add(...secrets) {
      for (const secret of secrets) {
        if (secret && !known.includes(secret)) known.push(secret)
      }
      while (known.length > MOST) known.shift()
    },
    redact: (text) =>
      known.reduce(
        (redacted, secret) =>
          spellingsOf(secret).reduce((cleaned, spelling) => cleaned.replaceAll(spelling, MASK), redacted),
        text,
      ),
  }
}

/** A secret shows itself in an address and in JSON as well. */
function spellingsOf(secret: string): string[] {
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])]
}
