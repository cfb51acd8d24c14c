// Before the first paint: the reader's own choice of light or dark, else the system's.
;(() => {
  var root = document.documentElement
  var chosen
  try {
    chosen = localStorage.getItem('diem-cau.theme')
  } catch (_) {}
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.setAttribute('data-theme', dark ? 'dark' : 'light')
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
