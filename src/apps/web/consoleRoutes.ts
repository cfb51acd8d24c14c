import type { LightRoute } from './lightRoutes.tsx'

// Each feature adds the screens it lends to this page: `...attendanceConsole` from its web/index.ts.
export const consoleRoutes: readonly LightRoute[] = []
