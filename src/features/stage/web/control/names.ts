/** «Xã Hồng Giang» is «Hồng Giang» on a button or in a list: what kind of place it is stands elsewhere. */
export const shortName = (name: string): string =>
  name.replace(/^(Hội trường|Điểm cầu)\s+/u, '').replace(/^(xã|phường|thị trấn|TT|huyện)\s+/iu, '')
