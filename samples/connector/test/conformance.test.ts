import { connectorConformance } from 'work365-sdk/testing/conformance'
import connector from '../src/index.ts'
import { contosoWorld } from './provider.ts'

connectorConformance(connector, { world: contosoWorld, page: 'README.md' })
