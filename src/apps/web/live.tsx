import { startLight } from '../../platform/web/light.tsx'
import { english } from './english.ts'
import { keepShell } from './keepShell.ts'
import { LightRoutes } from './lightRoutes.tsx'
import { liveRoutes } from './liveRoutes.ts'

void startLight(<LightRoutes routes={liveRoutes} />, {
  english,
  onSignIn: () => location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`),
})
keepShell('live', '/toi/hop')
