import { useLingui } from '@lingui/react'
import { useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DeskRoute } from '../../platform/web/routes.ts'
import { AppShell } from '../../platform/web/ui/AppShell.tsx'

/** Who is at the desk: what `access.me` answers. */
export type Me = {
  name: string
  rooms: readonly string[]
  campaigns: readonly { id: string; name: string }[]
  demo: boolean
}

/** The bar from the screens and from who looks at them. */
export function Shell({ routes, me, children }: { routes: readonly DeskRoute[]; me?: Me; children: ReactNode }) {
  const { _ } = useLingui()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const campaign = /^\/dot\/([^/]+)/.exec(path)?.[1] ?? me?.campaigns[0]?.id
  const nav = routes
    .filter(({ room, label }) => label !== undefined && room !== undefined && me?.rooms.includes(room))
    .filter((route) => campaign !== undefined || !route.path.includes('$campaign'))
    .map((route) => {
      const href = route.path.replace('$campaign', campaign ?? '')
      return { href, label: _(route.label!), current: path === href || path.startsWith(`${href}/`) }
    })
  return (
    <AppShell nav={nav} person={me && { name: me.name }}>
      {children}
    </AppShell>
  )
}
