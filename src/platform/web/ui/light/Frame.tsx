import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { chooseLanguage, languages, useLanguage } from '../../i18n.ts'
import { chooseTheme, useTheme } from '../../theme.ts'
import { OfflineBanner } from './ErrorSentence.tsx'
import { Toasts } from './Toasts.tsx'

export const Brand = ({ href = '/' }: { href?: string }) => (
  <a className="brand" href={href}>
    <svg viewBox="0 0 30 22" aria-hidden="true">
      <path d="M4 18a11 11 0 0 1 22 0" fill="none" stroke="currentColor" strokeWidth="2" />
      <circle cx="4" cy="18" r="3" fill="currentColor" />
      <circle cx="26" cy="18" r="3" fill="currentColor" />
    </svg>
    Điểm Cầu
  </a>
)

export const SkipLink = () => (
  <a className="skip" href="#noi-dung">
    <Trans>Đến phần nội dung</Trans>
  </a>
)

/** Language and light/dark, for the foot of a light page. */
export function Preferences() {
  const { t } = useLingui()
  const language = useLanguage()
  const theme = useTheme()
  const other = language === 'vi' ? 'en' : 'vi'
  return (
    <div className="row no-print" style={{ justifyContent: 'center', marginTop: '2rem' }}>
      <button type="button" className="btn" data-look="bare" lang={other} onClick={() => chooseLanguage(other)}>
        {languages[other]}
      </button>
      <button
        type="button"
        className="btn"
        data-look="bare"
        onClick={() => chooseTheme(theme === 'dark' ? 'light' : 'dark')}
      >
        {theme === 'dark' ? t`Nền sáng` : t`Nền tối`}
      </button>
    </div>
  )
}

/** One column for a phone: bar, words, preferences. `tabs` is a <TabBar>. */
export const LightPage = ({
  bar,
  tabs,
  band,
  children,
  preferences = true,
}: {
  bar?: ReactNode
  tabs?: ReactNode
  band?: ReactNode
  children: ReactNode
  preferences?: boolean
}) => (
  <>
    <SkipLink />
    {band}
    <OfflineBanner />
    <header className="bar">
      <div className="bar-inner" data-narrow="">
        {bar ?? <Brand />}
      </div>
    </header>
    <div className={tabs ? 'has-tab-bar' : ''}>
      <main id="noi-dung" className="page-light stack" data-gap="l" tabIndex={-1}>
        {children}
      </main>
      {preferences && <Preferences />}
    </div>
    {tabs}
    <Toasts />
  </>
)
