import { loadLanguage } from './load-language.ts'
import { registerServiceWorker } from './service-worker.ts'

registerServiceWorker()
// What has texts must be loaded after its language.
void loadLanguage().then(() => import('./start.tsx'))
