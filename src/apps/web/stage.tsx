import { startLight } from '../../platform/web/light.tsx'
import { english } from './english.ts'
import { keepShell } from './keepShell.ts'
import { LightRoutes } from './lightRoutes.tsx'
import { stageRoutes } from './stageRoutes.ts'

void startLight(<LightRoutes routes={stageRoutes} />, {
  english,
  onSignIn: () => location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`),
})
keepShell('stage', '/buc')
