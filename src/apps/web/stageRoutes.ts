import type { LightRoute } from '../../platform/web/routes.ts'

export const stageRoutes: readonly LightRoute[] = []
