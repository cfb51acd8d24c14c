import { broadcastLive } from '../../features/broadcast/web/index.ts'
import type { LightRoute } from '../../platform/web/routes.ts'

export const liveRoutes: readonly LightRoute[] = [...broadcastLive]
