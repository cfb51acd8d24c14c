import { openLightPage } from './openLightPage.tsx'
import { stageRoutes } from './stageRoutes.ts'

openLightPage('stage', '/buc', stageRoutes)
