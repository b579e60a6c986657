import { parseXml, printXml, type XmlElement, XmlError } from '../../internal/xml.ts'
import { decodeValue, only } from './decode-value.ts'
import { encodeValue } from './encode-value.ts'
import { isStruct, memberOf, XmlRpcError, type XmlRpcValue } from './value.ts'

export interface MethodCall {
  readonly method: string
  readonly params: readonly XmlRpcValue[]
}

/** What a server answers: a value, or why it has none. */
export type MethodResponse = { readonly value: XmlRpcValue } | { readonly fault: Fault }

export interface Fault {
  readonly code: number
  readonly message: string
}

/** The request that calls a method. @throws XmlRpcError for a value that XML-RPC has no words for */
export function printMethodCall({ method, params }: MethodCall): Promise<string> {
  return print('methodCall', {
    methodName: method,
    params: { param: params.map((value) => ({ value: encodeValue(value) })) },
  })
}

/** The answer of a server. @throws XmlRpcError for a value that XML-RPC has no words for */
export function printMethodResponse(response: MethodResponse): Promise<string> {
  if (!('fault' in response)) {
    return print('methodResponse', { params: { param: { value: encodeValue(response.value) } } })
  }
  const { code: faultCode, message: faultString } = response.fault
  return print('methodResponse', { fault: { value: encodeValue({ faultCode, faultString }) } })
}

/** Reads a request. @throws XmlRpcError, and nothing else, for what is none */
export async function parseMethodCall(text: string): Promise<MethodCall> {
  const root = await parse(text, 'methodCall')
  const method = only(root, 'methodName').content
  if (!/^[\w.:/]+$/.test(method)) throw new XmlRpcError('the name of the method is none')
  const params = root.first('params')?.all('param') ?? []
  return { method, params: params.map((param) => decodeValue(only(param, 'value'))) }
}

/** Reads an answer, given as its root. @throws XmlRpcError, and nothing else, for what is none */
export function readMethodResponse(root: XmlElement): MethodResponse {
  if (root.name !== 'methodResponse') throw new XmlRpcError(`its root is ${root.name.slice(0, 40)}, not methodResponse`)
  const fault = root.first('fault')
  if (fault) return { fault: readFault(decodeValue(only(fault, 'value'))) }
  return { value: decodeValue(only(only(only(root, 'params'), 'param'), 'value')) }
}

/** Reads an answer. @throws XmlRpcError, and nothing else, for what is none */
export async function parseMethodResponse(text: string): Promise<MethodResponse> {
  return readMethodResponse(await parse(text, 'methodResponse'))
}

function readFault(value: XmlRpcValue): Fault {
  const code = memberOf(value, 'faultCode')
  const message = memberOf(value, 'faultString')
  if (!isStruct(value) || typeof code !== 'number') throw new XmlRpcError('a fault has no code')
  return { code, message: typeof message === 'string' ? message : '' }
}

async function parse(text: string, name: string): Promise<XmlElement> {
  try {
    const root = await parseXml(text)
    if (root.name === name) return root
    throw new XmlRpcError(`its root is ${root.name.slice(0, 40)}, not ${name}`)
  } catch (error) {
    throw error instanceof XmlError ? new XmlRpcError(error.message) : error
  }
}

async function print(root: string, content: Parameters<typeof printXml>[1]): Promise<string> {
  try {
    return await printXml(root, content)
  } catch (error) {
    throw error instanceof XmlError ? new XmlRpcError(error.message) : error
  }
}
