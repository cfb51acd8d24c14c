/** Where the reader was going before she was asked to sign in; only ever a page of ours. */
export function wayBack(search: string, otherwise: string): string {
  const wanted = new URLSearchParams(search).get('ve') ?? ''
  return /^\/(?![/\\])/.test(wanted) && !wanted.startsWith('/dang-nhap') ? wanted : otherwise
}
