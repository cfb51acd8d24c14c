import '@mantine/core/styles.layer.css'
import '@mantine/dates/styles.layer.css'
import '../look/index.css'
import './desk.css'
import 'dayjs/locale/vi'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLanguage } from '../i18n.ts'
import { useTheme } from '../theme.ts'
import { cssVariablesResolver, theme } from './theme.ts'

/** Everything a desk stands on: kit, words, answers. */
export function Desk({ answers, children }: { answers: QueryClient; children: ReactNode }) {
  const shown = useTheme()
  const language = useLanguage()
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} forceColorScheme={shown}>
        <DatesProvider settings={{ locale: language, firstDayOfWeek: 1, weekendDays: [0] }}>
          <QueryClientProvider client={answers}>{children}</QueryClientProvider>
        </DatesProvider>
      </MantineProvider>
    </I18nProvider>
  )
}
