import { serveCrowd } from './crowd.ts'
import { yjsCrowd } from './yjs.ts'

serveCrowd(yjsCrowd(true))
