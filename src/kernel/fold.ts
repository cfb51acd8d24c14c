/** Vietnamese without its marks, in small letters: «Đặng Thị Hạnh» → «dang thi hanh». The database folds alike. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()

/** Text as it is kept: composed (NFC), one space between words, none at the ends. */
export const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** The order of a Vietnamese list of names: given name, then family, then middle names. */
export function sortName(fullName: string): string {
  const words = tidy(fullName).split(' ')
  const given = words.at(-1) ?? ''
  return [given, ...words.slice(0, -1)].join(' ')
}
