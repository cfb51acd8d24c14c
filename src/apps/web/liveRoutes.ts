import type { LightRoute } from '../../platform/web/routes.ts'

export const liveRoutes: readonly LightRoute[] = []
