export type { Pax8Simulator, Pax8SimulatorOptions } from './simulator.ts'
export { createPax8Simulator } from './simulator.ts'
export type { Pax8Behaviour, Pax8Order, Pax8Product, Pax8Seed, Pax8State, Pax8Subscription } from './state.ts'
