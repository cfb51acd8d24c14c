// What makes the demo: the campaign of Bắc Giang.
import type { Desk } from '../../platform/server/desk.ts'
import { bacGiangSteps } from './bacGiang.ts'
import type { Tell } from './hands.ts'
import { type Measured, runSteps } from './steps.ts'

/** Fills the demo; goes on where a former start was cut short, and does nothing when all is there. */
export async function prepareDemo(desk: Desk, tell: Tell): Promise<Measured[]> {
  return runSteps(desk, bacGiangSteps(desk), tell)
}
