import { hallRoutes } from './hallRoutes.ts'
import { openLightPage } from './openLightPage.tsx'

openLightPage('hall', '/man-hinh', hallRoutes)
