export type { ControlsOptions } from './create-controls.ts'
export { createControls } from './create-controls.ts'
export { parseDuration } from './duration.ts'
