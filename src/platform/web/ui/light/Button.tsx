import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode } from 'react'

type Look = {
  /** `go` is the one primary action of a screen; `bare` reads like a link. */
  look?: 'plain' | 'go' | 'bare'
  small?: boolean
  /** A 60 px button for the site console. */
  big?: boolean
  wide?: boolean
  icon?: ReactNode
}
const dress = ({ look = 'plain', small, big, wide }: Look) => ({
  'data-look': look,
  'data-size': small ? 's' : undefined,
  'data-big': big ? '' : undefined,
  'data-wide': wide ? '' : undefined,
})

/** A button is a verb («Chốt số liệu»). While `doing` it keeps its words, turns its wheel and takes no second press. */
export function Button({
  look,
  small,
  big,
  wide,
  icon,
  doing = false,
  children,
  className,
  onClick,
  ...rest
}: Look & { doing?: boolean } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      {...dress({ ...(look ? { look } : {}), small: !!small, big: !!big, wide: !!wide })}
      className={`btn ${doing ? 'busy' : ''} ${className ?? ''}`}
      aria-busy={doing || undefined}
      aria-disabled={doing || undefined}
      onClick={(event) => {
        if (doing) return event.preventDefault()
        onClick?.(event)
      }}
    >
      {icon}
      {children}
    </button>
  )
}

/** Goes somewhere or downloads: a link that looks like a button. */
export function ButtonLink({
  look,
  small,
  big,
  wide,
  icon,
  children,
  className,
  ...rest
}: Look & AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  return (
    <a
      {...rest}
      {...dress({ ...(look ? { look } : {}), small: !!small, big: !!big, wide: !!wide })}
      className={`btn ${className ?? ''}`}
    >
      {icon}
      {children}
    </a>
  )
}
