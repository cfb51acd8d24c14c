import { startLight } from '../../platform/web/light.tsx'
import type { LightRoute } from '../../platform/web/routes.ts'
import { english } from './english.ts'
import { LightRoutes } from './lightRoutes.tsx'

/** Opens a page that must open without a line too: `scope` is where it stands, `page` the shell its keeper keeps. */
export function openLightPage(
  page: 'hall' | 'console' | 'member' | 'live' | 'stage',
  scope: string,
  routes: readonly LightRoute[],
): void {
  void startLight(<LightRoutes routes={routes} />, {
    english,
    onSignIn: () => location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`),
  })
  keepShell(page, scope)
}

/** Without https (but on this machine) the browser has no keeper, and the page works as before. */
function keepShell(page: string, scope: string): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // After the page itself: on a weak line the keeper must not compete with it.
  const register = () =>
    void navigator.serviceWorker.register(`/sw.js?page=${page}`, { scope, updateViaCache: 'none' }).catch(() => {})
  if (document.readyState === 'complete') setTimeout(register, 3_000)
  else addEventListener('load', () => setTimeout(register, 3_000))
}
