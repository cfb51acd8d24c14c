import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import {
  createBrowserHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
  useParams,
  useRouter,
} from '@tanstack/react-router'
import { type ComponentType, lazy, StrictMode, Suspense, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { openAnswers } from '../../platform/web/answers.ts'
import { startLanguage } from '../../platform/web/i18n.ts'
import type { Words } from '../../platform/web/refusals.tsx'
import type { DeskRoute } from '../../platform/web/routes.ts'
import { PageHeading } from '../../platform/web/ui/AppShell.tsx'
import { Desk } from '../../platform/web/ui/Desk.tsx'
import { ErrorBoundary, WaitingLines } from '../../platform/web/ui/light/index.ts'
import { english } from './english.ts'
import { deskRoutes } from './routes.tsx'
import { Shell, signInAgain } from './Shell.tsx'

const answers = openAnswers({ onSignIn: signInAgain })

/** Plain links inside the desk change the screen without loading the page anew, so that light parts serve here as they are. */
function useOwnLinks() {
  const router = useRouter()
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
      const link = (event.target as Element).closest?.('a')
      if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
      if (link.pathname === location.pathname && link.hash) return
      if (!isDesk(link.pathname)) return
      event.preventDefault()
      router.history.push(link.pathname + link.search + link.hash)
    }
    document.addEventListener('click', follow)
    return () => document.removeEventListener('click', follow)
  }, [router])
}
const isDesk = (path: string) => path === '/' || deskRoutes.some((route) => fits(route.path, path))
const fits = (pattern: string, path: string) => {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return wanted.length === given.length && wanted.every((part, at) => part.startsWith('$') || part === given[at])
}

const root = createRootRoute({ component: Root, notFoundComponent: NoPage })
function Root() {
  useOwnLinks()
  return (
    <Shell routes={deskRoutes}>
      <Outlet />
    </Shell>
  )
}
type Loaded = ReturnType<typeof lazy<ComponentType<Record<string, string>>>>
function Page({ title, screen: Screen }: { title: Words; screen: Loaded }) {
  const params = useParams({ strict: false }) as Record<string, string>
  const { _ } = useLingui()
  useEffect(() => {
    document.title = `${_(title)} · Điểm Cầu`
  }, [title, _])
  return (
    <ErrorBoundary key={JSON.stringify(params)}>
      <Suspense fallback={<WaitingLines label={_(msg`Đang mở`)} />}>
        <Screen {...params} />
      </Suspense>
    </ErrorBoundary>
  )
}
const screenOf = ({ path, title, load }: DeskRoute) => {
  const screen = lazy(async () => ({ default: await load() }))
  return createRoute({ getParentRoute: () => root, path, component: () => <Page title={title} screen={screen} /> })
}
function NoPage() {
  return (
    <PageHeading under={<Trans>Địa chỉ có thể đã gõ thiếu hoặc đã đổi.</Trans>}>
      <Trans>Không có trang này</Trans>
    </PageHeading>
  )
}

const router = createRouter({
  routeTree: root.addChildren(deskRoutes.map(screenOf)),
  history: createBrowserHistory(),
  scrollRestoration: true,
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ).toString()
    return text === '' ? '' : `?${text}`
  },
})

await startLanguage(english)
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Desk answers={answers}>
      <ErrorBoundary>
        <RouterProvider router={router} />
      </ErrorBoundary>
    </Desk>
  </StrictMode>,
)
