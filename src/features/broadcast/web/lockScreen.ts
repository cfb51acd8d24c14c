// What a phone's lock screen and a headset know of the session: its title, who speaks, our icon, and the buttons.

export type OnLockScreen = { title: string; speaker: string; conference: string }
type Buttons = { play: () => void; pause: () => void; seekBy: (seconds: number) => void; stop: () => void }

export function tellLockScreen({ title, speaker, conference }: OnLockScreen, artwork: string | undefined) {
  if (!('mediaSession' in navigator)) return
  navigator.mediaSession.metadata = new MediaMetadata({
    title,
    artist: speaker,
    album: conference,
    artwork: [
      ...(artwork ? [{ src: artwork, sizes: '256x256', type: 'image/png' }] : []),
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ],
  })
}

/** Gives the buttons; the answer takes them away again. */
export function lendButtons({ play, pause, seekBy, stop }: Buttons): () => void {
  if (!('mediaSession' in navigator)) return () => {}
  const actions: [MediaSessionAction, () => void][] = [
    ['play', play],
    ['pause', pause],
    ['stop', stop],
    ['seekbackward', () => seekBy(-10)],
    ['seekforward', () => seekBy(10)],
  ]
  const set = (action: MediaSessionAction, handler: (() => void) | null) => {
    try {
      navigator.mediaSession.setActionHandler(action, handler)
    } catch {
      // An action this browser has never heard of.
    }
  }
  for (const [action, handler] of actions) set(action, handler)
  return () => {
    for (const [action] of actions) set(action, null)
    navigator.mediaSession.metadata = null
  }
}

/** Our icon as a picture of dots: lock screens do not draw SVG. `undefined` where it cannot be drawn. */
export async function drawArtwork(): Promise<string | undefined> {
  const picture = new Image()
  picture.src = '/icon.svg'
  try {
    await picture.decode()
  } catch {
    return undefined
  }
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 256
  const pen = canvas.getContext('2d')
  if (!pen) return undefined
  pen.fillStyle = '#faf7f0'
  pen.fillRect(0, 0, 256, 256)
  pen.drawImage(picture, 24, 24, 208, 208)
  return canvas.toDataURL('image/png')
}
