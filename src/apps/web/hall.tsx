import { startLight } from '../../platform/web/light.tsx'
import { english } from './english.ts'
import { hallRoutes } from './hallRoutes.ts'
import { keepShell } from './keepShell.ts'
import { LightRoutes } from './lightRoutes.tsx'

void startLight(<LightRoutes routes={hallRoutes} />, {
  english,
  onSignIn: () => location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`),
})
keepShell('hall', '/man-hinh')
