import { consoleRoutes } from './consoleRoutes.ts'
import { openLightPage } from './openLightPage.tsx'

openLightPage('console', '/diem-cau', consoleRoutes)
