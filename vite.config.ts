import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type Rolldown } from 'vite'
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

/** Pages that open without a line, each with the screens of its own that it brings by itself. The keeper is src/apps/web/serviceWorker.js. */
const keptPages: Record<string, readonly string[]> = {
  hall: [
    ...['apps/web/rooms/HallRoom.tsx', 'features/stage/web/hall/HallScreen.tsx', 'features/broadcast/web/Player.tsx'],
    'platform/web/ui/light/QrPicture.tsx',
  ],
  console: [
    ...['apps/web/rooms/ConsoleRoom.tsx', 'features/attendance/web/Console.tsx', 'features/attendance/web/MySites.tsx'],
    ...['features/stage/web/site/SiteFrame.tsx', 'features/stage/web/site/SiteRoom.tsx'],
  ],
  stage: ['Lectern', 'MyLecterns', 'CalledMember'].map((screen) => `features/stage/web/lectern/${screen}.tsx`),
  member: [
    ...['apps/web/rooms/MemberRoom.tsx', 'features/attendance/web/Member.tsx', 'features/broadcast/web/Mine.tsx'],
  ],
  live: ['features/broadcast/web/Live.tsx', 'features/attendance/web/MyPresence.tsx'],
}

const moduleOf = (screen: string) => join(import.meta.dirname, 'src', screen)

/**
 * Light pages come in few files: over a line of 200 ms thirty small ones cost more than a kilobyte that a page does without. What nearly all
 * of them carry is one file, and what some of them share is one for each such company. Counted is what modules name, before anything unused
 * is cut out; so what only the desk is left with must be said here, or every light page would carry it.
 */
const lightPages = ['join', ...Object.keys(keptPages)]
const deskAlone =
  /[\\/]node_modules[\\/]zod[\\/]|[\\/]platform[\\/]shapes\.ts$|[\\/]features[\\/]campaigns[\\/]contract\.ts$/
const nearlyAll = 4
const lightChunks = (): Rolldown.CodeSplittingGroup[] => {
  let carried: Map<string, Set<string>> | undefined
  const pagesWith = (id: string, graph: Graph) => {
    carried ??= new Map(lightPages.map((page) => [page, carriedBy(page, graph)]))
    return lightPages.filter((page) => carried?.get(page)?.has(id))
  }
  return [
    {
      debugName: 'light',
      // What such a module brings is carried by the same pages, and is asked about by itself.
      includeDependenciesRecursively: false,
      name: (id, graph) => {
        if (deskAlone.test(id)) return null
        const pages = pagesWith(id, graph)
        return pages.length >= nearlyAll ? 'light' : pages.length > 1 ? pages.join('-') : null
      },
    },
  ]
}
type Graph = Parameters<Rolldown.CodeSplittingNameFunction>[1]
/** Every module a page and the screens of its own name, and what those name in turn. */
const carriedBy = (page: string, graph: Graph): Set<string> => {
  const found = new Set<string>()
  const take = (id: string) => {
    if (found.has(id)) return
    found.add(id)
    for (const next of graph.getModuleInfo(id)?.importedIds ?? []) take(next)
  }
  take(join(import.meta.dirname, `${page}.html`))
  for (const screen of keptPages[page] ?? []) take(moduleOf(screen))
  return found
}

/** Writes sw.js with the files each page needs. Letters, the stage's library and the player's are kept once they were used. */
const shells: Plugin = {
  name: 'shells',
  apply: 'build',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
    const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
    const filesOf = ([page, screens]: [string, readonly string[]]) => {
      const found = new Set([`/${page}.html`, '/theme.js', '/icon.svg', '/manifest.webmanifest'])
      const take = (fileName: string) => {
        const chunk = byFile.get(fileName)
        if (!chunk || found.has(`/${fileName}`)) return
        found.add(`/${fileName}`)
        for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(`/${css}`)
        for (const next of chunk.imports) take(next)
      }
      const entry = chunks.find((chunk) => chunk.isEntry && chunk.name === page)
      if (entry) take(entry.fileName)
      for (const screen of screens) {
        const chunk = chunks.find(({ moduleIds }) => moduleIds.includes(moduleOf(screen)))
        if (chunk) take(chunk.fileName)
        else this.warn(`${screen}, named for ${page}.html, is in no part of the build`)
      }
      return [page, [...found].sort()] as const
    }
    const all = Object.fromEntries(Object.entries(keptPages).map(filesOf))
    const version = createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 12)
    const source = readFileSync(join(import.meta.dirname, 'src/apps/web/serviceWorker.js'), 'utf8')
    const filled = source.replace('= __SHELLS__', () => `= ${JSON.stringify({ version, shells: all })}`)
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: filled })
  },
}

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
  plugins: [react(), lingui(), babel({ presets: [words] }), pagesByAddress, wireWords, shells, compressed],
  build: {
    outDir: process.env.WEB_OUT ?? 'data/web',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts and icons stay files: the browser then fetches only the letters a page needs.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    manifest: true,
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page.replace('.html', ''), page])),
      output: { codeSplitting: { groups: lightChunks() } },
    },
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
