/** A key as it looks; the screen reader is told by `aria-keyshortcuts` on the button itself. */
export const Key = ({ children }: { children: string }) => (
  <span aria-hidden="true">
    <kbd>{children}</kbd>
  </span>
)
