import { render } from 'preact'
import { App } from './app.tsx'
import { followTheme } from './data/preferences.ts'
import { followPush } from './notifications/push.ts'

followTheme()
followPush()
render(<App />, document.querySelector('#app')!)
