export type { WebApiOptions } from './create-web-api.ts'
export { createWebApi } from './create-web-api.ts'
