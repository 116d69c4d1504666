import { render } from 'preact'
import { App } from './app.tsx'
import { followTheme } from './data/preferences.ts'

followTheme()
render(<App />, document.querySelector('#app')!)
