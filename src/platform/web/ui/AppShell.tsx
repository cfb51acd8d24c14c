import { Trans, useLingui } from '@lingui/react/macro'
import { Popover } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { chooseLanguage, languages, useLanguage } from '../i18n.ts'
import { chooseTheme, useThemeChoice } from '../theme.ts'
import { OfflineBanner } from './light/ErrorSentence.tsx'
import { Brand, SkipLink } from './light/Frame.tsx'
import { Icon } from './light/Icon.tsx'
import { Toasts } from './light/Toasts.tsx'

export type NavItem = { href: string; label: ReactNode; current?: boolean }
export type Choosable = { key: string; label: string }

/** The frame of every desk: brand, rooms, whose desk and which campaign, the person's menu, the demo band. */
export function AppShell({
  nav,
  person,
  place,
  campaigns,
  campaign,
  onCampaign,
  demo,
  onSignOut,
  children,
}: {
  nav: readonly NavItem[]
  person?: { name: string; note?: string; href?: string } | undefined
  /** Whose desk this is: «Ban Tuyên giáo Tỉnh uỷ Bắc Giang». */
  place?: ReactNode
  campaigns?: readonly Choosable[]
  campaign?: string | undefined
  onCampaign?: (key: string) => void
  /** What the demo band says beside its own words: usually links to the other demo people. */
  demo?: ReactNode
  onSignOut?: () => void
  children: ReactNode
}) {
  const { t } = useLingui()
  return (
    <>
      <SkipLink />
      {demo !== undefined && <DemoBand>{demo}</DemoBand>}
      <OfflineBanner />
      <header className="bar no-print">
        <div className="bar-inner" data-two-lines={nav.length > 6 ? '' : undefined}>
          <Brand />
          <nav className="shell-nav" aria-label={t`Các phòng làm việc`}>
            {nav.map((item) => (
              <a key={item.href} href={item.href} aria-current={item.current ? 'page' : undefined}>
                {item.label}
              </a>
            ))}
          </nav>
          <div className="shell-side">
            {place && <span className="shell-place second small">{place}</span>}
            {campaigns && campaigns.length > 1 && (
              <select
                className="input shell-campaign"
                aria-label={t`Đợt học tập`}
                value={campaign ?? ''}
                onChange={(event) => onCampaign?.(event.target.value)}
              >
                {campaigns.map(({ key, label }) => (
                  <option key={key} value={key}>
                    {label}
                  </option>
                ))}
              </select>
            )}
            <PersonMenu nav={nav} person={person} {...(onSignOut ? { onSignOut } : {})} />
          </div>
        </div>
      </header>
      <main id="noi-dung" className="page" tabIndex={-1}>
        {children}
      </main>
      <Toasts />
    </>
  )
}

export const DemoBand = ({ children }: { children?: ReactNode }) => (
  <section className="band no-print" aria-label="Bản dùng thử">
    <div className="band-inner">
      <b>
        <Trans>Bản dùng thử, số liệu mẫu.</Trans>
      </b>
      {children}
    </div>
  </section>
)

/** A plain list under a button: links, two switches, the way out. */
function PersonMenu({
  nav,
  person,
  onSignOut,
}: {
  nav: readonly NavItem[]
  person?: { name: string; note?: string; href?: string } | undefined
  onSignOut?: () => void
}) {
  const { t } = useLingui()
  const language = useLanguage()
  const theme = useThemeChoice()
  const [open, setOpen] = useState(false)
  const other = language === 'vi' ? 'en' : 'vi'
  const words = { system: t`Sáng tối theo máy`, light: t`Nền sáng`, dark: t`Nền tối` }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className="btn shell-person"
          data-look="bare"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <span className="shell-person-icon">
            <Icon name="menu" />
          </span>
          {person && <span className="shell-person-name">{person.name}</span>}
          <span className="sr">{t`mở danh mục`}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown
        className="shell-menu"
        aria-label={t`Danh mục của tôi`}
        onClick={(event) => (event.target as Element).closest('a') && setOpen(false)}
      >
        <ul className="shell-menu-rooms">
          {nav.map((item) => (
            <li key={item.href}>
              <a href={item.href} aria-current={item.current ? 'page' : undefined}>
                {item.label}
              </a>
            </li>
          ))}
        </ul>
        {person && (
          <div className="shell-menu-person">
            <b>{person.name}</b>
            {person.note && <div className="second small">{person.note}</div>}
          </div>
        )}
        <ul>
          {person?.href && (
            <li>
              <a href={person.href}>{t`Dữ liệu của tôi`}</a>
            </li>
          )}
          <li>
            <button type="button" lang={other} onClick={() => chooseLanguage(other)}>
              {languages[other]}
            </button>
          </li>
          {(['system', 'light', 'dark'] as const).map((choice) => (
            <li key={choice}>
              <button type="button" aria-pressed={theme === choice} onClick={() => chooseTheme(choice)}>
                {words[choice]}
                {theme === choice && <Icon name="check" />}
              </button>
            </li>
          ))}
          {onSignOut && (
            <li className="shell-menu-out">
              <button type="button" onClick={onSignOut}>{t`Đăng xuất`}</button>
            </li>
          )}
        </ul>
      </Popover.Dropdown>
    </Popover>
  )
}

/** The heading is the answer: «Còn 26.558 trên 97.319 người chưa học». `over` names what it belongs to, `side` holds the one action. */
export const PageHeading = ({
  over,
  children,
  under,
  side,
}: {
  over?: ReactNode
  children: ReactNode
  under?: ReactNode
  side?: ReactNode
}) => (
  <div className="page-heading">
    <div>
      {over && <div className="page-heading-over">{over}</div>}
      <h1>{children}</h1>
      {under && <div className="second">{under}</div>}
    </div>
    {side && <div className="page-heading-side">{side}</div>}
  </div>
)
