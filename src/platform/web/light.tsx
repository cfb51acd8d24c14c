import './look/index.css'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openAnswers } from './answers.ts'
import { startLanguage } from './i18n.ts'
import { ErrorBoundary } from './ui/light/ErrorSentence.tsx'

/** Starts a light page. `onSignIn` hears that the session has ended. */
export async function startLight(
  page: ReactNode,
  { english, onSignIn }: { english: Parameters<typeof startLanguage>[0]; onSignIn?: () => void },
) {
  const answers = openAnswers(onSignIn ? { onSignIn } : {})
  await startLanguage(english)
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={answers}>
          <ErrorBoundary>{page}</ErrorBoundary>
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}
