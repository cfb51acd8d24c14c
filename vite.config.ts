import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { pageFor } from './src/platform/pages.ts'

const server = process.env.API ?? 'http://127.0.0.1:3000'
const pages = ['index.html', 'member.html', 'console.html', 'join.html', 'live.html', 'stage.html', 'hall.html']
// The gallery of parts is for those who build screens; it is no part of the product's build.
if (process.env.GALLERY) pages.push('gallery.html')

/** While developing, an address without a file gets the page the server would give it. */
const pagesByAddress: Plugin = {
  name: 'pages-by-address',
  configureServer: (vite) => {
    vite.middlewares.use((request, _response, next) => {
      const [path = '/'] = (request.url ?? '/').split('?')
      const isPage = request.headers.accept?.includes('text/html') && !/\.\w+$/.test(path) && !path.startsWith('/@')
      if (isPage) request.url = `/${path === '/_gallery' ? 'gallery.html' : pageFor(path)}`
      next()
    })
  },
}

/** Messages stay in the code (Vietnamese needs no catalogue), so every page carries only its own words. */
const words = linguiTransformerBabelPreset({ descriptorFields: 'message' })

export default defineConfig({
  appType: 'mpa',
  plugins: [react(), lingui(), babel({ presets: [words] }), pagesByAddress],
  build: {
    outDir: process.env.WEB_OUT ?? 'data/web',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts and icons stay files: the browser then fetches only the letters a page needs.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    manifest: true,
    rolldownOptions: { input: Object.fromEntries(pages.map((page) => [page.replace('.html', ''), page])) },
  },
  define: {
    __VERSION__: JSON.stringify(JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')).version),
  },
  server: {
    port: 5173,
    proxy: {
      ...Object.fromEntries(['/api', '/live/', '/trang', '/phat'].map((path) => [path, server])),
      '/rtc': { target: server, ws: true },
    },
  },
})
