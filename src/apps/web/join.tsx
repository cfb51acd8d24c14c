import { startLight } from '../../platform/web/light.tsx'
import { english } from './english.ts'
import { joinRoutes } from './joinRoutes.ts'
import { LightRoutes } from './lightRoutes.tsx'

void startLight(<LightRoutes routes={joinRoutes} />, { english })
