import type { WebAnswer } from '../../webapi/index.ts'

type Headers = Readonly<Record<string, string>>

/** A refusal in the shape in which Dataverse gives its own. */
export function errorAnswer(status: number, code: string, message: string, headers: Headers = {}): WebAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0', ...headers },
    body: JSON.stringify({ error: { code, message } }),
  }
}
