import { settingEvents } from '../accounts/service.ts'
import { Company } from './schema.ts'

export const companyEvents = settingEvents('company', Company)
