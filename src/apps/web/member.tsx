import { memberRoutes } from './memberRoutes.ts'
import { openLightPage } from './openLightPage.tsx'

openLightPage('member', '/toi', memberRoutes)
