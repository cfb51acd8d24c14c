import { startLight } from '../../platform/web/light.tsx'
import { LightRoutes } from './lightRoutes.tsx'
import { memberRoutes } from './memberRoutes.ts'

void startLight(<LightRoutes routes={memberRoutes} />, () =>
  location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`),
)
