import { deepFreeze } from '../../../internal/freeze.ts'
import type { Wire } from '../models.ts'

/** What is asked of an address in a country that nobody has said anything about: little. */
export const lenientRules: Wire<'ValidationRulesForCountry'> = deepFreeze({
  defaultSupportedLanguage: 'en',
  defaultCulture: 'en-US',
  isStateRequired: false,
  isCityRequired: true,
  isPostalCodeRequired: false,
  stateList: [],
  isTaxIdSupported: false,
  isVatIdSupported: false,
  isTaxIdOptional: true,
})
