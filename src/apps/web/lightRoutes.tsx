import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import { match, usePath } from '../../platform/web/route.tsx'
import type { LightRoute } from '../../platform/web/routes.ts'
import { LightPage, WaitingLines } from '../../platform/web/ui/light/index.ts'

/** Shows the first route whose path matches. */
export function LightRoutes({ routes }: { routes: readonly LightRoute[] }) {
  const path = usePath()
  const { _ } = useLingui()
  const found = useMemo(() => {
    for (const route of routes) {
      const params = match(route.path, path)
      if (params) return { route, params }
    }
    return undefined
  }, [routes, path])
  const route = found?.route
  const Screen = useMemo(() => route && lazy(async () => ({ default: await route.load() })), [route])
  useEffect(() => {
    document.title = found ? `${_(found.route.title)} · Điểm Cầu` : 'Điểm Cầu'
  }, [found, _])
  if (!found || !Screen) return <NoPage />
  return (
    <Suspense
      fallback={
        <LightPage>
          <WaitingLines label={_(msg`Đang mở`)} />
        </LightPage>
      }
    >
      <Screen {...found.params} />
    </Suspense>
  )
}

const NoPage = () => (
  <LightPage>
    <div className="stack">
      <h1>
        <Trans>Không có trang này</Trans>
      </h1>
      <p>
        <Trans>Địa chỉ có thể đã gõ thiếu hoặc đã đổi. Đồng chí mở lại từ giấy triệu tập hoặc trang đầu.</Trans>
      </p>
    </div>
  </LightPage>
)
