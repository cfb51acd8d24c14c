import { Trans, useLingui } from '@lingui/react/macro'
import { Menu } from '@mantine/core'
import type { ReactNode } from 'react'
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
        <div className="bar-inner">
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
  <div className="band no-print">
    <div className="band-inner">
      <b>
        <Trans>Bản dùng thử, số liệu mẫu.</Trans>
      </b>
      {children}
    </div>
  </div>
)

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
  const other = language === 'vi' ? 'en' : 'vi'
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button
          type="button"
          className="btn shell-person"
          data-look="bare"
          aria-label={person ? undefined : t`Mở thực đơn`}
        >
          <span className="shell-person-icon">
            <Icon name="menu" />
          </span>
          {person && <span className="shell-person-name">{person.name}</span>}
          {person && <span className="sr">{t`mở thực đơn`}</span>}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="shell-menu-rooms">
          {nav.map((item) => (
            <Menu.Item key={item.href} component="a" href={item.href} aria-current={item.current ? 'page' : undefined}>
              {item.label}
            </Menu.Item>
          ))}
          <Menu.Divider />
        </div>
        {person && (
          <Menu.Label>
            {person.name}
            {person.note && <span style={{ display: 'block' }}>{person.note}</span>}
          </Menu.Label>
        )}
        {person?.href && (
          <Menu.Item component="a" href={person.href}>
            {t`Dữ liệu của tôi`}
          </Menu.Item>
        )}
        <Menu.Item lang={other} onClick={() => chooseLanguage(other)}>
          {languages[other]}
        </Menu.Item>
        {(['system', 'light', 'dark'] as const).map((choice) => (
          <Menu.Item
            key={choice}
            role="menuitemradio"
            aria-checked={theme === choice}
            rightSection={theme === choice ? <Icon name="check" /> : null}
            onClick={() => chooseTheme(choice)}
          >
            {choice === 'system' ? t`Sáng tối theo máy` : choice === 'light' ? t`Nền sáng` : t`Nền tối`}
          </Menu.Item>
        ))}
        {onSignOut && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={onSignOut}>{t`Đăng xuất`}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
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
