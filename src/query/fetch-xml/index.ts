export { parseFetchXml } from './parse-fetch-xml.ts'
export { printFetchXml } from './print-fetch-xml.ts'
