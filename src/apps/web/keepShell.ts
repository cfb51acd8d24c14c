// A page that must open without a line registers its own keeper; each keeps only its own shell.

/** `scope` is where the page stands. Without https (but on this machine) the browser has no keeper, and the page works as before. */
export function keepShell(page: 'hall' | 'console' | 'member' | 'live' | 'stage', scope: string): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // After the page itself: on a weak line the keeper must not compete with it.
  const register = () =>
    void navigator.serviceWorker.register(`/sw.js?page=${page}`, { scope, updateViaCache: 'none' }).catch(() => {})
  if (document.readyState === 'complete') setTimeout(register, 3_000)
  else addEventListener('load', () => setTimeout(register, 3_000))
}
