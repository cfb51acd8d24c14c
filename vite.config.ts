import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
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

/**
 * A page needs the name of an operation and its refusals; the shapes are for the server, which checks everything anyway. Without them, and with
 * the constants of a contract known to do nothing by themselves, a light page carries neither the checker nor words it never says.
 */
const wireWords: Plugin = {
  name: 'wire-words',
  apply: 'build',
  enforce: 'pre',
  transform: {
    filter: { id: /src\/(platform\/(contract|shapes)|features\/\w+\/contract)\.ts$/ },
    handler(code) {
      const cuts: [from: number, to: number, put: string][] = []
      const walk = (node: unknown): void => {
        if (Array.isArray(node)) for (const each of node) walk(each)
        if (!isNode(node)) return
        for (const [name, child] of Object.entries(node)) {
          if (name !== 'properties' || !Array.isArray(child) || !isWording(child)) walk(child)
          else
            for (const property of child) {
              if (!shapes.has(property.key?.name ?? '')) walk(property)
              else cuts.push([property.start, property.end + Number(code[property.end] === ','), ''])
            }
        }
      }
      const program = this.parse(code, { lang: 'ts' })
      walk(program.body)
      for (const init of program.body.flatMap(constantsOf)) {
        cuts.push([init.start, init.start, '/* @__PURE__ */ (() => ('])
        cuts.push([init.end, init.end, '))()'])
      }
      return cuts
        .sort(([one], [other]) => other - one)
        .reduce((rest, [from, to, put]) => rest.slice(0, from) + put + rest.slice(to), code)
    },
  },
}
type Node = { type: string; start: number; end: number; key?: { name: string } }
const isNode = (it: unknown): it is Node => typeof it === 'object' && it !== null && 'type' in it
/** What says an operation, a topic or an event: it has a name or is spread into one, and shapes beside it. */
const isWording = (properties: Node[]): boolean =>
  properties.some(({ key, type }) => key?.name === 'name' || type === 'SpreadElement') &&
  properties.some(({ key }) => key !== undefined && shapes.has(key.name))
const shapes = new Set(['input', 'output', 'params', 'snapshot', 'body'])
/** What the constants at the top of a module are made by, where something is called. */
const constantsOf = (statement: unknown): Node[] => {
  const { declaration } = statement as { declaration?: unknown }
  const { type, declarations } = (declaration ?? statement) as { type: string; declarations: { init: Node }[] }
  return type === 'VariableDeclaration' ? declarations.map(({ init }) => init).filter(makes) : []
}
const makes = (init: Node) => init.type === 'CallExpression' || init.type === 'ObjectExpression'

/** Beside each file its compressed form, made once: over a thin line a page comes in a third of the time. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const fileName of Object.keys(bundle).filter((name) => /\.(js|css|html|svg)$/.test(name))) {
      const file = join(dir ?? '', fileName)
      const content = readFileSync(file)
      if (content.length < 1_000) continue
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
      writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } }))
    }
  },
}

/** Messages stay in the code (Vietnamese needs no catalogue), so every page carries only its own words. */
const words = linguiTransformerBabelPreset({ descriptorFields: 'message' })

export default defineConfig({
  appType: 'mpa',
  plugins: [react(), lingui(), babel({ presets: [words] }), pagesByAddress, wireWords, compressed],
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
