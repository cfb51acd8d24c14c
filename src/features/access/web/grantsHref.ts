/** The grants of one place: sites, campaigns and conferences link here with their own name. */
export const grantsHref = (kind: 'unit' | 'campaign' | 'conference' | 'site', id: string, name: string): string =>
  `/phan-quyen?${new URLSearchParams({ noi: kind, ma: id, ten: name })}`
