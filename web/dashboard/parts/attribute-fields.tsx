import { Attributes } from './attributes.tsx'
import { late } from './late.tsx'

/** Custom attributes as fields; until these are loaded, as text. */
export const AttributeFields = late(
  () => import('../contacts/attribute-fields.tsx').then((part) => part.AttributeFields),
  ({ attributes }) => (
    <dl class="facts">
      <Attributes attributes={attributes} />
    </dl>
  ),
)
