#!/usr/bin/env bash
# Builds a kernel that runs as a program of this user and has snd-aloop, snd-virmidi and gpio-sim: real ALSA and real lines where the machine has none.
# Its time may be its own (time-travel=inf-cpu): then it goes on only while everybody in there waits, and a busy machine is no late card.
# Kept until this file changes.
# Prints where it is. It needs what `make uml` installs, 2 GB of disk, and some minutes.
set -euo pipefail
version=6.12
cache="${XDG_CACHE_HOME:-$HOME/.cache}/gigbox/uml"
kernel="$cache/linux-$version-$(sha256sum "$0" | cut -c1-12)"
if [ ! -x "$kernel" ]; then
  mkdir -p "$cache"
  work="$(mktemp -d "$cache/build.XXXX")"
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  apt-get download -qq "linux-source-$version" >&2
  dpkg-deb -x linux-source-*.deb .
  tar xf usr/src/linux-source-*.tar.xz
  cd linux-source-*/
  sed -i '/^config HZ$/,/^$/ s/default 100/default 1000/' arch/um/Kconfig      # snd-aloop moves once a tick
  make -s ARCH=um defconfig >&2
  # A bus is what SND hangs on; what is switched off only takes time.
  cat > wanted <<-'EOF'
	CONFIG_PCI=y
	CONFIG_UML_PCI_OVER_VIRTIO=y
	CONFIG_UML_PCI_OVER_VIRTIO_DEVICE_ID=1234
	CONFIG_VIRTIO_UML=y
	CONFIG_HOSTFS=y
	CONFIG_TMPFS=y
	CONFIG_DEVTMPFS=y
	CONFIG_SOUND=y
	CONFIG_SND=y
	CONFIG_SND_DRIVERS=y
	CONFIG_SND_ALOOP=y
	CONFIG_SND_SEQUENCER=y
	CONFIG_SND_VIRMIDI=y
	CONFIG_HIGH_RES_TIMERS=y
	CONFIG_UML_TIME_TRAVEL_SUPPORT=y
	CONFIG_OF=y
	CONFIG_CONFIGFS_FS=y
	CONFIG_GPIOLIB=y
	CONFIG_GPIO_CDEV=y
	CONFIG_GPIO_SIM=y
	CONFIG_UNIX=y
	CONFIG_INET=y
	CONFIG_MAGIC_SYSRQ=y
	CONFIG_DEBUG_INFO_NONE=y
	# CONFIG_DEBUG_KERNEL is not set
	# CONFIG_MODULES is not set
	CONFIG_NET=y
	# CONFIG_IPV6 is not set
	# CONFIG_WIRELESS is not set
	# CONFIG_NETFILTER is not set
	# CONFIG_ETHERNET is not set
	# CONFIG_EXT4_FS is not set
	# CONFIG_QUOTA is not set
	# CONFIG_SND_PCI is not set
	EOF
  scripts/kconfig/merge_config.sh -m .config wanted >&2
  make -s ARCH=um olddefconfig >&2
  nice make -s ARCH=um -j"$(nproc)" linux >&2
  strip -o "$kernel.new" linux
  mv "$kernel.new" "$kernel"
fi
echo "$kernel"
