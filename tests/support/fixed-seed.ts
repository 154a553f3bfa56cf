/** Runs before every file of unit tests. */
import fc from 'fast-check'
import { fixed } from './runs.ts'

fc.configureGlobal(fixed)
