# shellcheck shell=bash disable=SC2154 # cache and work come from run
# A pristine Debian 12 that boots in a second: a root of its own, a network of its own behind this machine's. Sourced by run, which sets
#   cache      where the root that all machines start from, and Debian's packages, are kept between runs
#   work       the folder of this run
# and gets from here: machine_up, machine_down, inside COMMAND..., and the variables machine_address and PARLEY_TEST_LEADER.

machine=parley-test-$$
machine_address=''
export PARLEY_TEST_LEADER=''
machine_nspawn='' machine_forwarding='' machine_mounted=''

# What this machine may trust, the machine within trusts as well: a developer may sit behind a company's proxy.
make_base() {
  [[ ! -e $cache/base ]] || return 0
  echo 'DEBOOTSTRAP a Debian 12 (once)'
  rm -rf "$cache/base.new"
  mkdir -p "$cache/packages/partial"
  # Without a mirror named, mmdebstrap takes Debian's own, with updates and security.
  mmdebstrap --mode=root --variant=important bookworm "$cache/base.new" \
    >"$work/log/debootstrap.log" 2>&1 || die "mmdebstrap failed: $(tail -n 1 "$work/log/debootstrap.log")"
  mkdir -p "$cache/base.new/usr/local/share/ca-certificates"
  find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$cache/base.new/usr/local/share/ca-certificates/" \; 2>/dev/null || true
  rm -f "$cache/base.new/etc/machine-id"
  echo force-unsafe-io >"$cache/base.new/etc/dpkg/dpkg.cfg.d/unsafe-io"
  echo 'APT::Keep-Downloaded-Packages "true";' >"$cache/base.new/etc/apt/apt.conf.d/99keep"
  mv "$cache/base.new" "$cache/base"
}

mount_root() {
  mkdir -p "$work/root" "$work/upper" "$work/overlay"
  mount -t overlay overlay -o "lowerdir=$cache/base,upperdir=$work/upper,workdir=$work/overlay" "$work/root" 2>"$work/log/mount.log" ||
    die "an overlay cannot be mounted here: $(cat "$work/log/mount.log")"
  machine_mounted=1
  mkdir -p "$work/packages" "$work/packages.new" "$work/packages.overlay"
  mount -t overlay overlay -o "lowerdir=$cache/packages,upperdir=$work/packages.new,workdir=$work/packages.overlay" "$work/packages"
}

# Each machine locks its own folder of packages; what it has fetched is there for the next ones.
unmount_root() {
  umount "$work/root" 2>/dev/null || umount -l "$work/root" || true
  umount "$work/packages" 2>/dev/null || umount -l "$work/packages" || true
  find "$work/packages.new" -maxdepth 1 -name '*.deb' -exec mv -n {} "$cache/packages/" \; 2>/dev/null || true
}

# Two ends of a cable; this machine translates addresses, so that Debian's mirrors can be reached and no port is taken here.
lay_cable() {
  local third=$(($$ % 250)) link=pt$$
  machine_address=10.213.$third.2
  ip netns add "$machine" 2>"$work/log/network.log" || die "no network namespace can be made here: $(cat "$work/log/network.log")"
  {
    ip link add "$link" type veth peer name host0 netns "$machine"
    ip addr add "10.213.$third.1/24" dev "$link"
    ip link set "$link" up
    ip -n "$machine" link set lo up
    ip -n "$machine" addr add "$machine_address/24" dev host0
    ip -n "$machine" link set host0 up
    ip -n "$machine" route add default via "10.213.$third.1"
    nft add table ip "parley_test_$$"
    nft add chain ip "parley_test_$$" leave '{ type nat hook postrouting priority 100; }'
    nft add rule ip "parley_test_$$" leave ip saddr "10.213.$third.0/24" masquerade
  } 2>"$work/log/network.log" || die "the machine cannot be given a network: $(head -n 1 "$work/log/network.log")"
  machine_forwarding=$cache/forwarding
  [[ -e $machine_forwarding ]] || cp /proc/sys/net/ipv4/ip_forward "$machine_forwarding"
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

# Where systemd keeps its units, below the group that we are in: version 2 alone, or beside the hierarchies of version 1.
our_cgroups() {
  local number controllers path
  while IFS=: read -r number controllers path; do
    case $number:$controllers in
      0:) if [[ -d /sys/fs/cgroup/unified ]]; then echo "/sys/fs/cgroup/unified$path"; else echo "/sys/fs/cgroup$path"; fi ;;
      *:name=systemd) echo "/sys/fs/cgroup/systemd$path" ;;
    esac
  done </proc/self/cgroup
}

# A control group of its own: two machines at a time would otherwise have one for both their units of the same name.
enter_cgroup() {
  local group
  for group in $(our_cgroups); do
    mkdir "$group/$machine" && echo "$BASHPID" >"$group/$machine/cgroup.procs" || true
  done 2>/dev/null
}

# The machine's systemd leaves empty groups behind.
remove_cgroup() {
  local group
  for group in $(our_cgroups); do
    [[ ! -d $group/$machine ]] || find "$group/$machine" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

boot() {
  (
    enter_cgroup
    SYSTEMD_NSPAWN_API_VFS_WRITABLE=network exec setsid systemd-nspawn --quiet --register=no --keep-unit --machine="$machine" -D "$work/root" \
      --boot --console=pipe --network-namespace-path="/run/netns/$machine" --resolv-conf=replace-host \
      --bind="$work/packages:/var/cache/apt/archives"
  ) </dev/null >"$work/log/boot.log" 2>&1 &
  machine_nspawn=$!
  local deadline=$((SECONDS + 60))
  until [[ $(inside systemctl is-system-running 2>/dev/null) =~ running|degraded ]]; do
    kill -0 "$machine_nspawn" 2>/dev/null || die "the machine did not boot: $(tail -n 1 "$work/log/boot.log")"
    ((SECONDS < deadline)) || die "the machine did not boot within a minute (see $work/log/boot.log)"
    PARLEY_TEST_LEADER=$(pgrep -P "$machine_nspawn" | head -n 1) || true
    sleep 0.1
  done
}

machine_up() {
  make_base
  mount_root
  lay_cable
  boot
}

inside() {
  [[ -n $PARLEY_TEST_LEADER ]] || return 1
  nsenter -t "$PARLEY_TEST_LEADER" -a env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
}

# As it was before the first of the machines that run: the last one puts it back.
restore_forwarding() {
  [[ -z $(ip netns list | grep '^parley-test-') && -e $machine_forwarding ]] || return 0
  cat "$machine_forwarding" >/proc/sys/net/ipv4/ip_forward
  rm -f "$machine_forwarding"
}

machine_down() {
  if [[ -n $PARLEY_TEST_LEADER ]]; then
    kill -RTMIN+4 "$PARLEY_TEST_LEADER" 2>/dev/null || true
    timeout 30 tail --pid="$machine_nspawn" -f /dev/null || kill -KILL "$PARLEY_TEST_LEADER" 2>/dev/null || true
  fi
  # A command that still ran inside was stopped with the machine, and its nsenter with it, for ever.
  # shellcheck disable=SC2046 # numbers
  kill -KILL $(jobs -p) 2>/dev/null || true
  wait 2>/dev/null || true
  remove_cgroup
  nft delete table ip "parley_test_$$" 2>/dev/null || true
  ip netns delete "$machine" 2>/dev/null || true
  [[ -z $machine_forwarding ]] || restore_forwarding
  [[ -z $machine_mounted ]] || unmount_root
}
