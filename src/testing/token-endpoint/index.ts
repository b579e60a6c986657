export type { TokenAnswer, TokenEndpoint, TokenEndpointOptions } from './create-token-endpoint.ts'
export { createTokenEndpoint } from './create-token-endpoint.ts'
export type { TokenClaims } from './signed-tokens.ts'
