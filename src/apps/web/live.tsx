import { liveRoutes } from './liveRoutes.ts'
import { openLightPage } from './openLightPage.tsx'

openLightPage('live', '/toi/hop', liveRoutes)
