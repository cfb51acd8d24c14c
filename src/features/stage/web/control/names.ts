// On a tile there is room for the place, not for what kind of building stands there; the whole name is in the tooltip and is read out.

const building = /^(hội trường|điểm cầu|trụ sở|nhà văn hoá|nhà văn hóa|ubnd|đảng ủy|đảng uỷ)\s+/iu
const strip = (name: string, what: RegExp): string => {
  const rest = name.replace(what, '')
  return rest === name || rest === '' ? name : strip(rest, what)
}
const capital = (name: string) => name.charAt(0).toLocaleUpperCase('vi') + name.slice(1)
/** «Hội trường UBND Xã Dĩnh Trì» → «Xã Dĩnh Trì»; «Phường Mỹ Độ» → «P. Mỹ Độ». */
export const placeName = (name: string): string =>
  strip(name, building)
    .replace(/^thị trấn\s+/iu, 'TT ')
    .replace(/^phường\s+/iu, 'P. ')
    .replace(/^thành phố\s+/iu, 'TP ')
/** «Đảng bộ huyện Lục Ngạn» → «Lục Ngạn»; «Đảng bộ Thành phố Bắc Giang» → «TP Bắc Giang». */
export const groupName = (name: string): string =>
  capital(placeName(strip(name, /^(đảng bộ|huyện ủy|huyện uỷ)\s+/iu)).replace(/^huyện\s+/iu, ''))
/** «Xã Hồng Giang» → «Hồng Giang», for a button or a list of several. */
export const shortName = (name: string): string => placeName(name).replace(/^(xã|P\.|TT|TP|huyện)\s+/iu, '')
