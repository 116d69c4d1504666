import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { project, skipWithoutCommands, temporaryDirectory } from '../process.ts'

const read = (file: string) => readFileSync(join(project, file), 'utf8')

/** The fields of an object that are documented, each with those of its value: `true` for any value. */
type Fields = true | { [name: string]: Fields }

/** Returns the paths of fields that are not documented. A list has the fields of its items; `*` stands for any name. */
function unknownFields(value: unknown, fields: Fields, path = ''): string[] {
  if (fields === true || typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => unknownFields(item, fields, `${path}[]`))
  return Object.entries(value).flatMap(([name, field]) => {
    const known = Object.hasOwn(fields, name) ? fields[name] : fields['*']
    return known === undefined ? [`${path}.${name}`] : unknownFields(field, known, `${path}.${name}`)
  })
}

const names = (...all: string[]): Fields => Object.fromEntries(all.map((name) => [name, true]))

// https://github.com/compose-spec/compose-spec, as far as the file uses it.
const service: Fields = {
  ...(names('image', 'restart', 'read_only', 'cap_drop', 'security_opt', 'stop_grace_period') as object),
  ...(names('profiles', 'environment', 'volumes', 'ports') as object),
  build: names('context', 'dockerfile'),
  depends_on: { '*': names('condition') },
  healthcheck: names('test', 'interval', 'timeout', 'retries', 'start_period'),
}
const compose: Fields = {
  name: true,
  'x-ndoto': service,
  'x-node': service,
  services: { '*': service },
  networks: { '*': { ipam: { config: names('subnet') } } },
  volumes: { '*': true },
}

// https://kubernetes.io/docs/reference/kubernetes-api, as far as the files use it.
const metadata = names('name', 'labels')
const probe: Fields = {
  ...(names('periodSeconds', 'timeoutSeconds', 'failureThreshold') as object),
  httpGet: names('path', 'port'),
  tcpSocket: names('port'),
}
const podSpec: Fields = {
  ...(names('automountServiceAccountToken', 'terminationGracePeriodSeconds') as object),
  securityContext: {
    ...(names('runAsNonRoot', 'runAsUser', 'runAsGroup', 'fsGroup', 'fsGroupChangePolicy') as object),
    seccompProfile: names('type'),
  },
  topologySpreadConstraints: {
    ...(names('maxSkew', 'topologyKey', 'whenUnsatisfiable') as object),
    labelSelector: { matchLabels: true },
  },
  containers: {
    ...(names('name', 'image') as object),
    envFrom: { secretRef: names('name') },
    env: names('name', 'value'),
    ports: names('name', 'containerPort'),
    startupProbe: probe,
    readinessProbe: probe,
    livenessProbe: probe,
    lifecycle: { preStop: { sleep: names('seconds') } },
    resources: { requests: names('cpu', 'memory'), limits: names('memory') },
    securityContext: {
      ...(names('allowPrivilegeEscalation', 'readOnlyRootFilesystem') as object),
      capabilities: names('drop'),
    },
    volumeMounts: names('name', 'mountPath'),
  },
  volumes: { name: true, emptyDir: names('sizeLimit') },
}
const workload = {
  replicas: true,
  selector: { matchLabels: true },
  template: { metadata, spec: podSpec },
} as const
const header = { apiVersion: true, kind: true, metadata } as const
const kinds: Record<string, Fields> = {
  'apps/v1 Deployment': {
    ...header,
    spec: { ...workload, strategy: { rollingUpdate: names('maxUnavailable', 'maxSurge') } },
  },
  'apps/v1 StatefulSet': {
    ...header,
    spec: {
      ...workload,
      serviceName: true,
      volumeClaimTemplates: {
        metadata,
        spec: { accessModes: true, resources: { requests: names('storage') } },
      },
    },
  },
  'policy/v1 PodDisruptionBudget': {
    ...header,
    spec: { minAvailable: true, selector: { matchLabels: true } },
  },
  'v1 Service': { ...header, spec: { selector: true, ports: names('name', 'port', 'targetPort') } },
}

const containerfile = read('Containerfile')
const manifests = globSync('deploy/kubernetes/*.yaml', { cwd: project })

// Its option --version is newer than Debian's.
const skipCaddy = spawnSync('caddy', ['version']).status === 0 ? false : 'this machine has no caddy'

describe('compose.yaml', () => {
  const file = parse(read('compose.yaml'), { merge: true })

  it('has only documented fields, and names only what it defines', () => {
    assert.deepEqual(unknownFields(file, compose), [])
    assert.deepEqual(unknownFields({ services: { one: { cap_drops: [] } } }, compose), [
      '.services.one.cap_drops',
    ])
    for (const [name, one] of Object.entries<Record<string, never>>(file.services)) {
      for (const other of Object.keys(one.depends_on ?? {}))
        assert.ok(file.services[other], `${name}: ${other}`)
      for (const volume of (one.volumes ?? []) as string[]) {
        const source = volume.split(':')[0]!
        assert.ok(source.startsWith('./') || source in file.volumes, `${name}: ${volume}`)
      }
    }
  })

  it('runs each server with a read-only root and no rights, and publishes none of them to other machines', () => {
    for (const name of ['ndoto', 'ndoto-1', 'ndoto-2']) {
      const { read_only, cap_drop, security_opt, ports = [] } = file.services[name]
      assert.deepEqual([read_only, cap_drop, security_opt], [true, ['ALL'], ['no-new-privileges:true']])
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:/)
    }
    assert.equal(file.services.postgres.ports, undefined)
  })

  it('contains no password', () => {
    const values = [
      file.services.postgres.environment.POSTGRES_PASSWORD,
      file.services['ndoto-1'].environment.DATABASE_URL,
    ]
    for (const value of values) assert.match(value, /\$\{POSTGRES_PASSWORD-\}/)
  })

  it('trusts the network that it creates', () => {
    const [{ subnet }] = file.networks.default.ipam.config
    assert.equal(file.services['ndoto-1'].environment.TRUST_PROXY, subnet)
  })

  it('names its servers in the Caddyfile', { skip: skipCaddy }, () => {
    const caddyfile = join(project, 'deploy/Caddyfile')
    assert.match(read('deploy/Caddyfile'), /reverse_proxy ndoto-1:3000 ndoto-2:3000/)
    const { status, stderr } = spawnSync('caddy', [
      'validate',
      '--adapter',
      'caddyfile',
      '--config',
      caddyfile,
    ])
    assert.equal(status, 0, String(stderr))
  })
})

describe('The manifests for Kubernetes', () => {
  const objects = manifests.flatMap((file) =>
    parseAllDocuments(read(file)).map((one) => ({ file, ...one.toJS() })),
  )
  const pods = objects.flatMap(({ spec }) => (spec.template ? [spec.template.spec] : []))

  it('have only documented fields', () => {
    assert.ok(objects.length >= 5)
    for (const { file, ...object } of objects) {
      const fields = kinds[`${object.apiVersion} ${object.kind}`]
      assert.ok(fields, `${file}: ${object.kind}`)
      assert.deepEqual(unknownFields(object, fields), [], file)
    }
  })

  it('run the user of the image without rights, on a read-only root', () => {
    const [, uid] = /^USER (\d+):\d+$/m.exec(containerfile)!
    assert.ok(Number(uid) > 0)
    for (const { securityContext, containers, automountServiceAccountToken } of pods) {
      assert.equal(securityContext.runAsUser, Number(uid))
      assert.equal(securityContext.runAsNonRoot, true)
      assert.equal(automountServiceAccountToken, false)
      assert.deepEqual(containers[0].securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
    }
  })

  it('ask /health whether a server is ready, but restart none because of the database', () => {
    for (const { containers, terminationGracePeriodSeconds: grace } of pods) {
      const [{ readinessProbe, livenessProbe, startupProbe, lifecycle }] = containers
      assert.equal(readinessProbe.httpGet.path, '/health')
      assert.deepEqual(Object.keys(livenessProbe.tcpSocket), ['port'])
      assert.ok(
        startupProbe.periodSeconds * startupProbe.failureThreshold >= 600,
        'a migration may take long',
      )
      assert.ok(grace >= (lifecycle?.preStop.sleep.seconds ?? 0) + 5)
    }
  })

  it('take the key from a secret, which they do not contain', () => {
    for (const { containers } of pods) {
      assert.deepEqual(containers[0].envFrom, [{ secretRef: { name: 'ndoto' } }])
      assert.doesNotMatch(JSON.stringify(containers[0].env), /SECRET|DATABASE_URL|FILES_URL/)
    }
    assert.equal(
      objects.some(({ kind }) => kind === 'Secret'),
      false,
    )
  })

  it('leave one of two servers in place during a disruption', () => {
    const budget = objects.find(({ kind }) => kind === 'PodDisruptionBudget')
    const deployment = objects.find(({ kind }) => kind === 'Deployment')
    assert.equal(budget.file, deployment.file)
    assert.deepEqual(budget.spec.selector, deployment.spec.selector)
    assert.ok(budget.spec.minAvailable < deployment.spec.replicas)
  })
})

describe('The unit of systemd', { skip: skipWithoutCommands('systemd-analyze') }, () => {
  it('is valid, and exposes little of the machine', (t) => {
    // Its program is not installed here.
    const unit = join(temporaryDirectory(t), 'ndoto.service')
    const text = read('deploy/ndoto.service')
    writeFileSync(
      unit,
      text.replace('ExecStart=/opt/ndoto/node_modules/.bin/node', `ExecStart=${process.execPath}`),
    )
    const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
    assert.deepEqual([verified.status, verified.stderr], [0, ''])
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', unit], {
      encoding: 'utf8',
    })
    const [, exposure] = /Overall exposure level for ndoto\.service: (\d\.\d)/.exec(stdout) ?? []
    assert.ok(Number(exposure) <= 2, stdout)
  })
})
