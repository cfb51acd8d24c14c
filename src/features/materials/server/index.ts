// The door of materials.
import type { AnyTopic } from '../../../platform/server/live.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'

export const operations: AnyServed[] = []
export const topics: AnyTopic[] = []
