import type { LightRoute } from '../../platform/web/routes.ts'

export const hallRoutes: readonly LightRoute[] = []
