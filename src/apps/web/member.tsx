import { startLight } from '../../platform/web/light.tsx'
import { english } from './english.ts'
import { keepShell } from './keepShell.ts'
import { LightRoutes } from './lightRoutes.tsx'
import { memberRoutes } from './memberRoutes.ts'

void startLight(<LightRoutes routes={memberRoutes} />, {
  english,
  onSignIn: () => location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`),
})
keepShell('member', '/toi')
