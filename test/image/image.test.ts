import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  cpSync,
  globSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '../eventually.ts'
import {
  freePort,
  listMessages,
  postMessage,
  project,
  type Scope,
  skipWithoutCommands,
  temporaryDirectory,
  token,
} from '../process.ts'

/*
 * `npm run test:image` builds the Containerfile and runs the image, as root on Debian with buildah, podman and runc. It
 * takes minutes, and downloads from Debian and npm. TEST_BUILD_IMAGE names the image to build in; without it, one is made
 * of Debian's packages and this Node.js, so that no registry of images is needed.
 */
const skip = !process.env.TEST_IMAGE
  ? 'takes minutes: npm run test:image'
  : skipWithoutCommands('buildah', 'podman', 'runc', ...(process.env.TEST_BUILD_IMAGE ? [] : ['mmdebstrap']))

// What a machine without systemd and with limits of its own accepts.
const lenient = ['--cgroup-manager=cgroupfs', '--runtime=runc']
const limits = ['--ulimit=nofile=4096:4096', '--ulimit=nproc=1024:1024', '--network=host']

describe('The image', { skip }, () => {
  let folder: string
  const cleanups: (() => unknown)[] = []
  const scope: Scope = { after: (clean) => void cleanups.unshift(clean) }

  function run(command: string, ...args: string[]): string {
    const storage = [
      '--storage-driver=vfs',
      `--root=${join(folder, 'storage')}`,
      `--runroot=${join(folder, 'run')}`,
    ]
    const options = { encoding: 'utf8', maxBuffer: 1e8, cwd: project } as const
    const { status, stdout, stderr } = spawnSync(command, [...storage, ...args], options)
    assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`)
    return stdout
  }
  const podman = (...args: string[]) => run('podman', ...lenient, ...args)
  const build = (context: string, ...args: string[]) =>
    run('buildah', 'bud', '--isolation=chroot', '--format=docker', ...args, context)
  const buildImage = process.env.TEST_BUILD_IMAGE ?? 'localhost/build'
  const buildFor = (architecture: string, tag: string) =>
    build(
      '.',
      `--platform=linux/${architecture}`,
      // Before 1.33, buildah does not know it by itself.
      `--build-arg=BUILDPLATFORM=linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
      `--build-arg=BUILD_IMAGE=${buildImage}`,
      `--tag=${tag}`,
    )
  /** Mounts the root of an image, and returns its path. */
  const rootOf = (image: string) => run('buildah', 'mount', run('buildah', 'from', image).trim()).trim()

  before(() => {
    folder = temporaryDirectory(scope)
    if (!process.env.TEST_BUILD_IMAGE) makeBuildImage(join(folder, 'build'), build)
    buildFor('amd64', 'ndoto')
  })
  after(async () => {
    if (folder) spawnSync('umount', ['--recursive', join(folder, 'storage')])
    for (const clean of cleanups) await clean()
  })

  it('is small, runs as a user without rights, and has one volume and a health check', () => {
    const [image] = JSON.parse(podman('image', 'inspect', 'localhost/ndoto'))
    assert.ok(image.Size < 150 * 1024 ** 2, `${image.Size} bytes`)
    assert.equal(image.Config.User, '10001:10001')
    assert.deepEqual(Object.keys(image.Config.Volumes), ['/data'])
    assert.equal(image.Config.StopSignal, 'SIGTERM')
    assert.match(image.Healthcheck.Test.join(' '), /^CMD node .+\/health/)
  })

  it('contains no shell, no package manager and no source', () => {
    const files = globSync('**', { cwd: rootOf('localhost/ndoto') })
    assert.ok(files.includes('app/bin/ndoto.mjs'))
    assert.deepEqual(
      files.filter((file) => /(?:^|\/)(?:sh|bash|dash|busybox|npm|apt|dpkg)$|^app\/src|\.map$/.test(file)),
      [],
    )
  })

  it('runs with a read-only root and no rights, keeps its volume, and ends in time', async () => {
    const port = await freePort()
    const server = { url: `http://127.0.0.1:${port}` }
    const start = async () => {
      const restrictions = ['--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--volume=data:/data']
      const settings = [`--env=PORT=${port}`, `--env=NDOTO_ADMIN_TOKEN=${token}`]
      podman('run', '--detach', '--name=ndoto', ...restrictions, ...limits, ...settings, 'localhost/ndoto')
      await eventually(() =>
        fetch(`${server.url}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
    }
    const stop = () => {
      const start = performance.now()
      podman('stop', 'ndoto')
      const took = performance.now() - start
      const [{ State }] = JSON.parse(podman('container', 'inspect', 'ndoto'))
      assert.equal(State.ExitCode, 0)
      podman('rm', 'ndoto')
      return took
    }
    await start()
    assert.equal((await postMessage(server, 'in a container')).status, 201)
    podman('healthcheck', 'run', 'ndoto')
    const doctor = podman('exec', 'ndoto', 'ndoto', 'doctor')
    assert.match(doctor, /^✓ a server uses this data and is reachable/m)
    assert.doesNotMatch(doctor, /^✗/m)
    podman('exec', 'ndoto', 'ndoto', 'backup', '/data/backup')
    const took = stop()
    assert.ok(took < 5000, `${took} ms`)
    await start()
    assert.equal((await listMessages(server)).at(-1)!.content, 'in a container')
    stop()
  })

  it('is built for arm64 with programs of arm64 only', () => {
    buildFor('arm64', 'ndoto-arm64')
    const root = rootOf('localhost/ndoto-arm64')
    const programs = globSync('**/{node,*.so*,*.node}', { cwd: root }).filter((file) =>
      machineOf(join(root, file)),
    )
    assert.ok(programs.includes('usr/local/bin/node'), programs.join('\n'))
    assert.ok(programs.some((file) => file.endsWith('.node')))
    assert.ok(programs.some((file) => /libc\.so/.test(file)))
    assert.deepEqual(
      programs.filter((file) => machineOf(join(root, file)) !== aarch64),
      [],
    )
  })
})

// In the header of an ELF file.
const aarch64 = 183

/** Returns the number of the machine that a program or library is for; undefined if it is neither. */
function machineOf(file: string): number | undefined {
  const header = Buffer.alloc(20)
  try {
    const handle = openSync(file, 'r')
    readSync(handle, header)
    closeSync(handle)
  } catch {
    return undefined
  }
  return header.toString('latin1', 1, 4) === 'ELF' ? header.readUInt16LE(18) : undefined
}

/** Builds `localhost/build`: Debian with the Node.js of the project and the npm of this machine. */
function makeBuildImage(context: string, build: (context: string, ...args: string[]) => void): void {
  mkdirSync(context)
  const archive = join(context, 'debian.tar')
  const made = spawnSync('mmdebstrap', [
    '--variant=essential',
    '--include=apt,libatomic1',
    'bookworm',
    archive,
  ])
  assert.equal(made.status, 0, String(made.stderr))
  const npm = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim()
  cpSync(dirname(dirname(realpathSync(npm))), join(context, 'npm'), { recursive: true })
  cpSync(process.execPath, join(context, 'node'))
  // This machine may be behind a proxy with a certificate authority of its own.
  cpSync('/etc/ssl/certs/ca-certificates.crt', join(context, 'ca.crt'))
  writeFileSync(
    join(context, 'Containerfile'),
    `FROM scratch
ADD debian.tar /
COPY ca.crt /etc/ssl/certs/ca-certificates.crt
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN chmod 755 /usr/local/lib/node_modules/npm/bin/npm-cli.js && \\
  ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
  NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
`,
  )
  build(context, '--tag=build')
  rmSync(context, { recursive: true })
}
