import { defineConfig } from 'vite'

const server = 'http://127.0.0.1:3000'

/** `npx vite --config web/vite.config.ts web/dashboard` serves the dashboard during development, with a server on port 3000. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    license: { fileName: 'licenses.md' },
    target: ['es2023', 'chrome111', 'firefox115', 'safari16.4'],
    modulePreload: { polyfill: false },
    // The content security policy does not allow files inlined as data: URLs.
    assetsInlineLimit: 0,
    rolldownOptions: { optimization: { inlineConst: { mode: 'all', pass: 3 } } },
  },
  server: {
    proxy: { '/api': server, '/auth': server, '/docs': server, '/files': server, '/mail-frame': server },
  },
})
