import type { HTMLAttributes, ReactNode } from 'react'

/** `now` marks the one thing to do now. */
export const Card = ({
  now,
  as: Tag = 'section',
  className,
  ...rest
}: HTMLAttributes<HTMLElement> & { now?: boolean; as?: 'section' | 'div' | 'li' | 'article' }) => (
  <Tag {...rest} className={`card ${className ?? ''}`} data-now={now ? '' : undefined} />
)

/** A section under its own line; `aside` says what its numbers are out of. */
export const Section = ({
  title,
  aside,
  children,
  id,
}: {
  title: ReactNode
  aside?: ReactNode
  children: ReactNode
  id?: string
}) => (
  <section id={id}>
    <div className="section-head">
      <h2>{title}</h2>
      {aside && <div className="second small">{aside}</div>}
    </div>
    {children}
  </section>
)

/** Facts of one thing: name on the left, value on the right. */
export const Facts = ({ facts }: { facts: readonly (readonly [ReactNode, ReactNode])[] }) => (
  <dl className="facts">
    {facts.map(([name, value], at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: facts have no identity of their own and do not move
      <div key={at} style={{ display: 'contents' }}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
