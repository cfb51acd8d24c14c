// What a hall's screen or a lectern keeps through a day without a line: what it was told last and pages of slides, in the browser's own
// database (which works without https too).

const name = 'diem-cau-man-hinh'
/** A page is about 150 kB. */
const slidesKept = 240

let opening: Promise<IDBDatabase> | undefined
const openStore = () => {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('told')
      request.result.createObjectStore('slides')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  opening.catch(() => {
    opening = undefined
  })
  return opening
}
const done = <Value>(request: IDBRequest<Value>) =>
  new Promise<Value>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
/** A browser that keeps nothing (a private window, a full disk) shows what is in the page: never a fault. */
const quietly = async <Value>(work: () => Promise<Value>): Promise<Value | undefined> => {
  try {
    return await work()
  } catch {
    return undefined
  }
}

export const keepTold = (key: string, told: unknown) =>
  quietly(async () => done((await openStore()).transaction('told', 'readwrite').objectStore('told').put(told, key)))
export const readTold = <Told>(key: string): Promise<Told | undefined> =>
  quietly(
    async () => (await done((await openStore()).transaction('told').objectStore('told').get(key))) as Told | undefined,
  )

export type SlidePage = { versionId: string; page: number; prefix: string }
const slideKey = ({ versionId, page }: SlidePage) => `${versionId} ${page}`
/** Brings a page and keeps it under its own name: the signed path it came by is another one tomorrow. */
export async function keepSlide(slide: SlidePage): Promise<Blob | undefined> {
  const known = await keptSlide(slide)
  if (known) return known
  return quietly(async () => {
    const response = await fetch(`${slide.prefix}${slide.page}.webp`, { signal: AbortSignal.timeout(20_000) })
    if (!response.ok) return undefined
    const picture = await response.blob()
    const store = (await openStore()).transaction('slides', 'readwrite').objectStore('slides')
    await done(store.put({ picture, at: Date.now() }, slideKey(slide)))
    await dropOldest()
    return picture
  })
}
const keptSlide = (slide: SlidePage): Promise<Blob | undefined> =>
  quietly(async () => {
    const kept = (await done((await openStore()).transaction('slides').objectStore('slides').get(slideKey(slide)))) as
      | { picture: Blob }
      | undefined
    return kept?.picture
  })
async function dropOldest() {
  const store = (await openStore()).transaction('slides', 'readwrite').objectStore('slides')
  const keys = await done(store.getAllKeys())
  if (keys.length <= slidesKept) return
  const all = (await done(store.getAll())) as { at: number }[]
  const oldest = keys.map((key, at) => ({ key, at: all[at]!.at })).sort((one, other) => one.at - other.at)
  for (const { key } of oldest.slice(0, keys.length - slidesKept)) store.delete(key)
}
