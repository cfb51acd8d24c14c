// Keeps the shell of one page (its document, scripts and letters), so that a hall's screen or a console opens without a line.
// Pages always come from the line first: a new version is seen at the next opening, nobody has to be asked. Nothing of the server's
// answers, live news, media or slides goes through here.
// `__SHELLS__` is filled by the build: for each page the files it needs, and the version they are of.
const { version, shells } = __SHELLS__
const page = new URL(self.location.href).searchParams.get('page') ?? ''
const document_ = `/${page}.html`
const store = `shell ${page} ${version}`
const patienceMs = 4_000

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(store)
      await cache.addAll(shells[page] ?? [])
      await self.skipWaiting()
    })(),
  )
})
self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      // The version before stays for pages that are still open on it; older ones go.
      const mine = (await caches.keys()).filter((name) => name.startsWith(`shell ${page} `) && name !== store)
      for (const name of mine.slice(0, -1)) await caches.delete(name)
      await self.clients.claim()
    })(),
  )
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== self.location.origin) return
  if (request.mode === 'navigate') return event.respondWith(openPage(request))
  // Files of the build carry their content in their name; the three small ones of the shell are tried on the line first.
  if (address.pathname.startsWith('/assets/')) return event.respondWith(keptFirst(request))
  if (['/theme.js', '/icon.svg', '/manifest.webmanifest'].includes(address.pathname))
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })))
})

async function openPage(request) {
  const kept = () => caches.match(document_, { cacheName: store })
  const line = fetch(request)
  try {
    const answer = await Promise.race([line, new Promise((_, late) => setTimeout(late, patienceMs))])
    // A server that is just starting says so in words of its own; the kept page says more.
    if (answer.status < 500) return answer
    return (await kept()) ?? answer
  } catch {
    return (await kept()) ?? line
  }
}
async function keptFirst(request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  // Letters and parts that this page turned out to need: kept with its version.
  if (answer.ok && answer.status === 200) {
    const copy = answer.clone()
    caches
      .open(store)
      .then((cache) => cache.put(request, copy))
      .catch(() => {})
  }
  return answer
}
