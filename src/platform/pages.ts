// Which page serves which address. The web build and the server read the same table.

/** Light pages stand under these first words of a path; everything else is the desk. */
const lightPages = {
  'live.html': ['/toi/hop'],
  'stage.html': ['/dieu-khien', '/dieu-hanh', '/buc'],
  'hall.html': ['/man-hinh'],
  'member.html': ['/toi'],
  'console.html': ['/diem-cau'],
  'join.html': ['/vao', '/dang-nhap', '/thiet-lap', '/thong-bao-du-lieu'],
} as const
export type PageFile = keyof typeof lightPages | 'index.html'

/** «/toi/dot/x» → member.html. Paths with a file ending and /api, /live are not pages. */
export function pageFor(path: string): PageFile {
  const under = (prefix: string) => path === prefix || path.startsWith(`${prefix}/`)
  for (const [file, prefixes] of Object.entries(lightPages)) if (prefixes.some(under)) return file as PageFile
  return 'index.html'
}
