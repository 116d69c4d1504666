#!/bin/sh
# Puts the parts of the image into /image, for the architecture in $1. The Containerfile calls it, once for each part, so
# that a change of the sources does not download everything again. Nothing of the target runs here.
set -eu

case $1 in
  amd64) cpu=x64 tools=x86_64-linux-gnu ;;
  arm64) cpu=arm64 tools=aarch64-linux-gnu ;;
  *) echo "There is no image for $1, only for amd64 and arm64." >&2; exit 1 ;;
esac

# The libraries that Node.js needs, and the program that removes debug symbols.
libraries() {
  dpkg --add-architecture "$1"
  apt-get update
  apt-get install --yes --no-install-recommends "binutils-$(echo $tools | tr _ -)"
  mkdir --parents /libraries /image
  cd /libraries
  apt-get download "libc6:$1" "libgcc-s1:$1" "libstdc++6:$1" "libatomic1:$1"
  for package in *.deb; do dpkg-deb --extract "$package" .; done
  for name in ld-linux-\* libc libm libdl libpthread librt libresolv libgcc_s libstdc++ libatomic; do
    find lib* usr/lib -name "$name.so.*" -exec cp --archive --parents {} /image \;
  done
  cp --parents usr/share/doc/*/copyright /image
}

# The packages that the bundle needs, from the lock file, and Node.js without debug symbols.
packages() {
  cd /image/app
  npm ci --omit=dev --ignore-scripts --os=linux --cpu=$cpu --libc=glibc
  mkdir --parents /image/usr/local/bin
  mv node_modules/node-linux-$cpu/bin/node /image/usr/local/bin/node
  rm -r node_modules/node-linux-$cpu node_modules/.bin node_modules/sharp/src package-lock.json .npmrc
  find node_modules -name '*.d.?ts' -delete -o -name '*.d.ts' -delete
  $tools-strip /image/usr/local/bin/node
}

# The same files as in the package.
program() {
  cd /project
  npm pack --pack-destination /tmp
  tar --extract --gzip --file="$(echo /tmp/ndoto-*.tgz)" --strip-components=1 --directory=/image/app
  # Nothing in the image reads them. Those of the package of the same version fit.
  find /image/app/dist -name '*.map' -delete
  install -D --mode=755 deploy/image/ndoto /image/usr/local/bin/ndoto
  install -D --mode=644 deploy/image/passwd /image/etc/passwd
  install -D --mode=644 deploy/image/group /image/etc/group
  mkdir /data
}

$2 "$1"
