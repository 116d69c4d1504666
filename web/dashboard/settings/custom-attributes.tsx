import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { CustomAttributeDefinition } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { definitions, definitionsFor, loadDefinitions, needDefinitions } from '../data/definitions.ts'
import { accountPath } from '../data/session.ts'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { attributeWords as t } from './attribute-strings.ts'
import { RadioGroup, SelectField, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Page, Section } from './page.tsx'
import { RemoveSection } from './remove-section.tsx'
import { words } from './strings.ts'

type Model = CustomAttributeDefinition['attribute_model']
type AttributeType = CustomAttributeDefinition['attribute_display_type']

const title = strings.settingsPages['custom-attributes']
const back = { to: '/settings/custom-attributes', name: title }
const path = () => `${accountPath()}/custom_attribute_definitions`

/** The definitions of custom attributes: all, one of them, or a new one. */
export function CustomAttributes({ item }: { item: string | undefined }) {
  useEffect(() => void needDefinitions().catch(() => {}), [])
  if (item === undefined) return <All />
  if (item === 'new') return <New />
  const definition = definitions.value?.find(({ id }) => String(id) === item)
  if (definition) return <Definition definition={definition} />
  return (
    <Page title={definitions.value ? strings.notFound : strings.loading} back={back}>
      {null}
    </Page>
  )
}

function All() {
  const make = (
    <a class="button" href="/settings/custom-attributes/new">
      {t.make}
    </a>
  )
  const models = Object.entries(t.models) as [Model, string][]
  return (
    <Page title={title} lead={t.lead} action={make}>
      {definitions.value?.length === 0 && <p class="quiet">{t.none}</p>}
      {models.map(
        ([model, text]) =>
          definitionsFor(model).length > 0 && (
            <Section key={model} title={text}>
              <ul class="things">
                {definitionsFor(model).map((one) => (
                  <li key={one.id} class="thing">
                    <div class="thing-text">
                      <strong>
                        <a href={`/settings/custom-attributes/${one.id}`}>
                          <bdi>{one.attribute_display_name}</bdi>
                        </a>
                      </strong>
                      <small class="quiet">
                        <code>{one.attribute_key}</code>
                      </small>
                    </div>
                    <span class="mark">{t.types[one.attribute_display_type]}</span>
                  </li>
                ))}
              </ul>
            </Section>
          ),
      )}
    </Page>
  )
}

function New() {
  const work = async (body: object) => {
    await call(path(), { method: 'POST', body })
    await loadDefinitions()
    go(back.to, { replace: true })
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <DefinitionForm action={t.make} work={work} />
      </Section>
    </Page>
  )
}

function Definition({ definition }: { definition: CustomAttributeDefinition }) {
  const { id, attribute_display_name: name } = definition
  const own = `${path()}/${id}`
  const work = async (body: object) => {
    await call(own, { method: 'PATCH', body })
    await loadDefinitions()
  }
  return (
    <Page title={name} back={back}>
      <Section title={t.settings}>
        <DefinitionForm definition={definition} action={words.save} work={work} />
      </Section>
      <RemoveSection texts={t} name={name} path={own} to={back.to} reload={loadDefinitions} />
    </Page>
  )
}

interface DefinitionFormProps {
  definition?: CustomAttributeDefinition
  action: string
  work(body: object): Promise<void>
}

function DefinitionForm({ definition, action, work }: DefinitionFormProps) {
  const model = useSignal<Model>(definition?.attribute_model ?? 'contact_attribute')
  const name = useSignal(definition?.attribute_display_name ?? '')
  const type = useSignal<AttributeType>(definition?.attribute_display_type ?? 'text')
  const values = useSignal(definition?.attribute_values.join('\n') ?? '')
  const description = useSignal(definition?.attribute_description ?? '')
  const pattern = useSignal(definition?.regex_pattern ?? '')
  const cue = useSignal(definition?.regex_cue ?? '')
  // Until it is typed, it follows the name.
  const typedKey = useSignal('')
  const send = () =>
    work({
      ...(definition
        ? {}
        : { attribute_model: model.value, attribute_key: typedKey.value.trim() || keyOf(name.value) }),
      attribute_display_name: name.value.trim(),
      attribute_display_type: type.value,
      attribute_description: description.value.trim() || null,
      attribute_values: values.value.split('\n').flatMap((line) => line.trim() || []),
      regex_pattern: pattern.value.trim() || null,
      regex_cue: cue.value.trim() || null,
    })
  const models = Object.entries(t.models) as [Model, string][]
  const types = Object.entries(t.types) as [AttributeType, string][]
  return (
    <Form label={t.settings} action={action} work={send}>
      {!definition && (
        <RadioGroup
          name="attribute_model"
          label={t.model}
          value={model}
          options={models.map(([value, text]) => ({ value, text }))}
        />
      )}
      <TextField name="attribute_display_name" label={t.name} value={name} placeholder={t.namePlaceholder} />
      {definition ? (
        <p class="quiet">
          {t.key}: <code>{definition.attribute_key}</code>
        </p>
      ) : (
        <TextField
          name="attribute_key"
          label={t.key}
          hint={t.keyHint}
          value={typedKey}
          placeholder={keyOf(name.value)}
          isOptional
        />
      )}
      <SelectField
        name="attribute_display_type"
        label={t.type}
        value={type}
        options={types.map(([value, text]) => ({ value, text }))}
      />
      {type.value === 'list' && (
        <TextField name="attribute_values" label={t.values} hint={t.valuesHint} value={values} rows={5} />
      )}
      {type.value === 'text' && (
        <>
          <TextField name="regex_pattern" label={t.pattern} hint={t.patternHint} value={pattern} isOptional />
          <TextField name="regex_cue" label={t.cue} hint={t.cueHint} value={cue} isOptional />
        </>
      )}
      <TextField
        name="attribute_description"
        label={t.description}
        hint={t.descriptionHint}
        value={description}
        isOptional
      />
    </Form>
  )
}

/** A key for a name: "Plan of the year" becomes "plan_of_the_year". */
function keyOf(name: string): string {
  return name.trim().toLowerCase().replace(/\s+/g, '_').slice(0, 100)
}
