import { settingEvents } from '../accounts/service.ts'
import { CustomAttributeDefinition } from './schema.ts'

export const definitionEvents = settingEvents('custom_attribute_definition', CustomAttributeDefinition)
