import { startLight } from '../../platform/web/light.tsx'
import { consoleRoutes } from './consoleRoutes.ts'
import { english } from './english.ts'
import { keepShell } from './keepShell.ts'
import { LightRoutes } from './lightRoutes.tsx'

void startLight(<LightRoutes routes={consoleRoutes} />, {
  english,
  onSignIn: () => location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`),
})
keepShell('console', '/diem-cau')
