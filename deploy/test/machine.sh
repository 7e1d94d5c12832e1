# shellcheck shell=bash disable=SC2154 # cache and work come from who sources this
# Pristine Debians 12 that boot in a second: each with a root of its own, all on a network of their own behind this machine's. Sourced by
# run, fresh and ha, which set
#   cache      where the root that all machines start from, and Debian's packages, are kept between runs
#   work       the folder of this run
# and get from here
#   machine_up NAME         one more; it is the chosen one
#   choose_machine NAME     the one that `inside` and the variables machine_address and machine_netns are about
#   inside COMMAND...       runs in the chosen one
#   on NAME COMMAND...      runs in that one
#   machine_kill NAME       as if somebody pulled the plug; machine_boot NAME plugs it in again
#   machines_down           the end of all of them

machines=()
declare -A machine_leaders machine_spawns machine_addresses
machine='' machine_address='' machine_netns='' machine_forwarding='' machine_bridge=''
export PARLEY_TEST_LEADERS=''

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

place() { # NAME
  echo "$work/machines/$1"
}

# Each machine locks its own folder of packages; what it has fetched is there for the next ones.
mount_root() { # NAME
  local place
  place=$(place "$1")
  mkdir -p "$place"/{root,upper,overlay,packages,packages.new,packages.overlay}
  mount -t overlay overlay -o "lowerdir=$cache/base,upperdir=$place/upper,workdir=$place/overlay" "$place/root" 2>"$work/log/mount.log" ||
    die "an overlay cannot be mounted here: $(cat "$work/log/mount.log")"
  mount -t overlay overlay -o "lowerdir=$cache/packages,upperdir=$place/packages.new,workdir=$place/packages.overlay" "$place/packages"
}

unmount_root() { # NAME
  local place folder
  place=$(place "$1")
  for folder in root packages; do umount "$place/$folder" 2>/dev/null || umount -l "$place/$folder" || true; done
  find "$place/packages.new" -maxdepth 1 -name '*.deb' -exec mv -n {} "$cache/packages/" \; 2>/dev/null || true
}

# A switch that all machines are on; this one translates their addresses, so that Debian's mirrors can be reached and no port is taken here.
lay_network() {
  [[ -z $machine_bridge ]] || return 0
  machine_bridge=ptb$$
  {
    ip link add "$machine_bridge" type bridge
    ip addr add "10.213.$(($$ % 250)).1/24" dev "$machine_bridge"
    ip link set "$machine_bridge" up
    nft add table ip "parley_test_$$"
    nft add chain ip "parley_test_$$" leave '{ type nat hook postrouting priority 100; }'
    nft add rule ip "parley_test_$$" leave ip saddr "10.213.$(($$ % 250)).0/24" ip daddr != "10.213.$(($$ % 250)).0/24" masquerade
  } 2>"$work/log/network.log" || die "the machines cannot be given a network: $(head -n 1 "$work/log/network.log")"
  machine_forwarding=$cache/forwarding
  [[ -e $machine_forwarding ]] || cp /proc/sys/net/ipv4/ip_forward "$machine_forwarding"
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

# A cable from the switch to one machine.
lay_cable() { # NAME
  local number=$((${#machines[@]} + 2)) netns=parley-test-$$-$1
  local link=pt$$-$number
  machine_addresses[$1]=10.213.$(($$ % 250)).$number
  ip netns add "$netns" 2>"$work/log/network.log" || die "no network namespace can be made here: $(cat "$work/log/network.log")"
  {
    ip link add "$link" type veth peer name host0 netns "$netns"
    ip link set "$link" master "$machine_bridge" up
    ip -n "$netns" link set lo up
    ip -n "$netns" addr add "${machine_addresses[$1]}/24" dev host0
    ip -n "$netns" link set host0 up
    ip -n "$netns" route add default via "10.213.$(($$ % 250)).1"
  } 2>"$work/log/network.log" || die "the machine cannot be given a network: $(head -n 1 "$work/log/network.log")"
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
enter_cgroup() { # NAME
  local group
  for group in $(our_cgroups); do
    mkdir -p "$group/parley-test-$$-$1" && echo "$BASHPID" >"$group/parley-test-$$-$1/cgroup.procs" || true
  done 2>/dev/null
}

# The machine's systemd leaves empty groups behind.
remove_cgroup() { # NAME
  local group
  for group in $(our_cgroups); do
    [[ ! -d $group/parley-test-$$-$1 ]] || find "$group/parley-test-$$-$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

machine_boot() { # NAME
  local log=$work/log/boot-$1.log deadline=$((SECONDS + 60)) leader
  (
    enter_cgroup "$1"
    SYSTEMD_NSPAWN_API_VFS_WRITABLE=network exec setsid systemd-nspawn --quiet --register=no --keep-unit --machine="parley-test-$$-$1" \
      -D "$(place "$1")/root" --boot --console=pipe --network-namespace-path="/run/netns/parley-test-$$-$1" --resolv-conf=replace-host \
      --bind="$(place "$1")/packages:/var/cache/apt/archives"
  ) </dev/null >>"$log" 2>&1 8>&- & # 8: what people who talk wait for the end of, see talking
  machine_spawns[$1]=$!
  until [[ $(on "$1" systemctl is-system-running 2>/dev/null) =~ running|degraded ]]; do
    kill -0 "${machine_spawns[$1]}" 2>/dev/null || die "the machine did not boot: $(tail -n 1 "$log")"
    ((SECONDS < deadline)) || die "the machine did not boot within a minute (see $log)"
    leader=$(pgrep -P "${machine_spawns[$1]}" | head -n 1) || true
    machine_leaders[$1]=$leader
    sleep 0.1
  done
  tell_leaders
}

# For deploy/test/ssh: which machine has which first process, by its name and by its address.
tell_leaders() {
  local one
  PARLEY_TEST_LEADERS=''
  for one in "${machines[@]}"; do PARLEY_TEST_LEADERS+="$one=${machine_leaders[$one]:-} ${machine_addresses[$one]}=${machine_leaders[$one]:-} "; done
}

machine_up() { # NAME
  make_base
  mount_root "$1"
  lay_network
  lay_cable "$1"
  machines+=("$1")
  machine_boot "$1"
  choose_machine "$1"
}

choose_machine() { # NAME
  machine=$1 machine_address=${machine_addresses[$1]} machine_netns=parley-test-$$-$1
}

on() { # NAME COMMAND...
  local leader=${machine_leaders[$1]:-}
  [[ -n $leader ]] || return 1
  shift
  nsenter -t "$leader" -a env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
}

inside() {
  on "$machine" "$@"
}

machine_kill() { # NAME
  kill -KILL "${machine_leaders[$1]}"
  timeout 30 tail --pid="${machine_spawns[$1]}" -f /dev/null || true
  machine_leaders[$1]=''
  tell_leaders
}

machine_stop() { # NAME
  local leader=${machine_leaders[$1]:-}
  [[ -n $leader ]] || return 0
  kill -RTMIN+4 "$leader" 2>/dev/null || true
  timeout 30 tail --pid="${machine_spawns[$1]}" -f /dev/null || kill -KILL "$leader" 2>/dev/null || true
}

# As it was before the first of the machines that run: the last one puts it back.
restore_forwarding() {
  [[ -z $(ip netns list | grep '^parley-test-') && -e $machine_forwarding ]] || return 0
  cat "$machine_forwarding" >/proc/sys/net/ipv4/ip_forward
  rm -f "$machine_forwarding"
}

machines_down() {
  local one
  for one in "${machines[@]}"; do machine_stop "$one"; done
  # A command that still ran inside was stopped with the machine, and its nsenter with it, for ever.
  # shellcheck disable=SC2046 # numbers
  kill -KILL $(jobs -p) 2>/dev/null || true
  wait 2>/dev/null || true
  nft delete table ip "parley_test_$$" 2>/dev/null || true
  for one in "${machines[@]}"; do
    remove_cgroup "$one"
    ip netns delete "parley-test-$$-$one" 2>/dev/null || true
    unmount_root "$one"
  done
  [[ -z $machine_bridge ]] || ip link delete "$machine_bridge" 2>/dev/null || true
  [[ -z $machine_forwarding ]] || restore_forwarding
}
