import { settingEvents } from '../accounts/service.ts'
import { Label } from './schema.ts'

export const labelEvents = settingEvents('label', Label)
