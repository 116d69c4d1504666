/** A package in a bill of materials of CycloneDX. */
interface Component {
  'bom-ref': string
  name: string
  group?: string
  version: string
}

/** A bill of materials of CycloneDX, as far as it is read here. */
export interface Sbom {
  metadata: { component: { name: string } }
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

/** Returns the packages, as `name@version`, that the texts of licences in the bundles name. */
export function bundledPackages(server: string, pages: readonly string[]): string[] {
  const inServer = [...server.matchAll(/^(\S+) (\d+\.\d+\.\d+\S*) \([^)]*\)/gm)]
  const inPages = pages.flatMap((text) => [...text.matchAll(/^## (\S+) - (\S+) \(/gm)])
  return [...inServer, ...inPages].map(([, name, version]) => `${name}@${version}`)
}

/**
 * Returns the bill of materials of the package: of all packages of the project, as `npm sbom` lists them, those that are
 * installed with it and those that are bundled. Throws if one that is bundled is not among them.
 */
export function packageSbom(all: Sbom, installed: Sbom, bundled: readonly string[]): Sbom {
  const wanted = new Set([...installed.components.map(nameOf), ...bundled])
  const components = all.components.filter((one) => wanted.has(nameOf(one)))
  const found = new Set(components.map(nameOf))
  const missing = bundled.filter((name) => !found.has(name) && !name.startsWith('swagger-ui@'))
  if (missing.length > 0) throw new Error(`npm does not know these bundled packages: ${missing.join(', ')}.`)
  const refs = new Set(components.map((one) => one['bom-ref']))
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }))
  const component = { ...all.metadata.component, name: 'ndoto' }
  const files = bundled.filter((name) => name.startsWith('swagger-ui@')).map(builtFiles)
  return {
    ...all,
    metadata: { ...all.metadata, component },
    components: [...components, ...files],
    dependencies,
  }
}

function nameOf({ group, name, version }: Component): string {
  return `${group ? `${group}/` : ''}${name}@${version}`
}

/** Swagger UI, whose built files another package contains. npm does not know it. */
function builtFiles(name: string): Component {
  const version = name.slice(name.lastIndexOf('@') + 1)
  const purl = `pkg:npm/swagger-ui-dist@${version}`
  return {
    type: 'library',
    'bom-ref': `swagger-ui-dist@${version}`,
    name: 'swagger-ui-dist',
    version,
    purl,
  } as Component
}
