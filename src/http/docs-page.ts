/*
 * What the page `GET /docs` has in addition to Swagger UI: the colours and the theme of the dashboard, and a way back to it.
 */

const style = `
body { margin: 0; }
.ndoto-bar {
  display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center;
  padding: 0.75rem 1.25rem; border-bottom: 1px solid #e1e5eb;
  font: 600 0.9375rem system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
.ndoto-bar a { color: #2456c8; }
html.dark-mode body { background: #1c2022; }
html.dark-mode .ndoto-bar { border-color: #2e3541; color: #e7eaf0; }
html.dark-mode .ndoto-bar a { color: #8db0ff; }
.swagger-ui, .swagger-ui .info .title, .swagger-ui .opblock-tag, .swagger-ui .opblock .opblock-summary-description {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
.swagger-ui .info { margin: 1.5rem 0; }
`

// The dashboard stores the choice of its theme as JSON, and nothing if it follows the system.
const script = `
const isDark = matchMedia('(prefers-color-scheme: dark)')
function applyTheme() {
  let chosen = null
  try { chosen = JSON.parse(localStorage.getItem('ndoto.theme')) } catch {}
  document.documentElement.classList.toggle('dark-mode', chosen === 'dark' || (chosen !== 'light' && isDark.matches))
}
applyTheme()
isDark.addEventListener('change', applyTheme)
addEventListener('storage', applyTheme)
const bar = document.createElement('nav')
bar.className = 'ndoto-bar'
bar.ariaLabel = 'Ndoto'
for (const [text, href] of [['← Dashboard', '/'], ['openapi.json', '/openapi.json']]) {
  const link = document.createElement('a')
  link.textContent = text
  link.href = href
  bar.append(link)
}
document.body.prepend(bar)
`

/** The option `theme` of @fastify/swagger-ui. */
export const docsTheme = {
  title: 'Ndoto API',
  css: [{ filename: 'ndoto.css', content: style }],
  js: [{ filename: 'ndoto.js', content: script }],
}
