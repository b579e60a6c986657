import { deepFreeze } from '../../internal/freeze.ts'
import type { Meaning } from '../http-failure.ts'

/**
 * The fault codes that servers have agreed on, and what they mean here. Whatever else a server numbers is its own.
 *
 * @see https://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php
 */
export const faultCodes: Readonly<Record<number, Meaning>> = deepFreeze({
  [-32700]: 'bug',
  [-32701]: 'bug',
  [-32702]: 'bug',
  [-32600]: 'bug',
  [-32601]: { code: 'notEligible', advice: 'Its version has no such method.' },
  [-32602]: 'invalid',
  [-32603]: 'transient',
  [-32500]: 'transient',
  [-32400]: 'transient',
  [-32300]: 'transient',
})
