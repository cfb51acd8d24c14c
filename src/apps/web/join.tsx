import { startLight } from '../../platform/web/light.tsx'
import { joinRoutes } from './joinRoutes.ts'
import { LightRoutes } from './lightRoutes.tsx'

void startLight(<LightRoutes routes={joinRoutes} />)
