# SPDX-License-Identifier: BSD-2-Clause
#
# chance - scripts of commands about network devices, made by chance from a seed.
#
# The universe is small, so that commands meet: three namespaces beside the first, ten names, a few addresses.  A
# rough guess of what exists makes most commands sensible; the rest are wrong in every way that a user can be.
import random

SPACES = ("", "n1", "n2", "n3")
NAMES = ("va", "vb", "vc", "vd", "br0", "br1", "mv0", "mv1", "tap0", "tun0")
ALTNAMES = ("alt0", "alternative1", "a-rather-long-alternative-name-of-a-device")
ODD_NAMES = ("fifteen-bytes-x", "sixteen-bytes-xy", "a/b", "'a b'", ".", "..", "a:b", "%d", "x%d", "x%d%d", "x%s", "''", "all",
             "default", "lo", "name", "dev", "1", "-x", "é", "'a\tb'", "veth%d", "type")
ODD_MACS = ("00:00:00:00:00:00", "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "02:00:00:00:00", "02:00:00:00:00:01:02", "x",
            "02:00:00:00:00:0g", "33:33:00:00:00:01")
MTUS = (0, 1, 67, 68, 500, 576, 1280, 1400, 1499, 1500, 1501, 9000, 65521, 65536, -1, 4294967295)
GOOD_MTUS = (1280, 1400, 1500, 1501, 9000)
STATIONS = tuple(f"02:00:00:00:ee:{n:02x}" for n in range(1, 6))
PREFIXES = ("10.0.0.{}/24", "10.0.1.{}/24", "fd00::{}/64")

# Settings and values of each, the last ones mostly refused.
BRIDGE = {
    "forward_delay": (0, 200, 1500, 3000, 196, 3004), "hello_time": (100, 200, 1000, 96, 1004), "max_age": (600, 2000, 4000, 596),
    "ageing_time": (0, 1000, 30000, -1), "stp_state": (0, 1, 2), "priority": (0, 4096, 32768, 65535, 65536),
    "group_fwd_mask": (0, 8, 0xfff8, 1, 7, 65536), "mcast_snooping": (0, 1), "mcast_querier": (0, 1), "mcast_router": (0, 1, 2, 3),
    "mcast_igmp_version": (2, 3, 1, 4), "mcast_mld_version": (1, 2, 3), "mcast_hash_max": (512, 4096, 1, 0, 3),
    "mcast_last_member_count": (0, 2, 10), "mcast_startup_query_count": (0, 2), "mcast_query_interval": (12500, 100, 1),
    "mcast_query_use_ifaddr": (0, 1), "nf_call_iptables": (0, 1), "no_linklocal_learn": (0, 1), "fdb_max_learned": (0, 3),
    "group_address": ("01:80:c2:00:00:00", "01:80:c2:00:00:0e", "01:80:c2:00:00:01", "01:80:c2:00:00:10", "02:00:00:00:00:01"),
}
PORT = {
    "state": (0, 1, 2, 3, 4, 5), "priority": (0, 32, 63, 64), "cost": (1, 100, 65535, 0, 65536), "hairpin": ("on", "off"),
    "guard": ("on", "off"), "root_block": ("on", "off"), "fastleave": ("on", "off"), "learning": ("on", "off"),
    "flood": ("on", "off"), "mcast_flood": ("on", "off"), "bcast_flood": ("on", "off"), "mcast_to_unicast": ("on", "off"),
    "isolated": ("on", "off"), "locked": ("on", "off"), "neigh_suppress": ("on", "off", "maybe"),
    "proxy_arp": ("on", "off"), "proxy_arp_wifi": ("on", "off"), "mcast_router": (0, 1, 2, 3), "group_fwd_mask": (0, 8, 7, 65536),
    "fdb_flush": ("",),
}
BY_BRIDGE_TOOL = {**{k: v for k, v in PORT.items() if k not in ("proxy_arp", "proxy_arp_wifi", "fdb_flush", "group_fwd_mask")},
                  "backup_port": ("va", "vc", "nothing"), "nobackup_port": ("",), "hwmode": ("vepa", "veb"), "self": ("",)}
MODES = ("private", "vepa", "bridge", "passthru", "source")
FLAGS = ("arp", "multicast", "promisc", "allmulticast", "dynamic", "trailers", "carrier", "protodown")


class Script:
    """A list of commands, made from @seed alone."""

    def __init__(self, seed, ipv6=None):
        self.rng = random.Random(seed)
        self.ipv6 = self.rng.random() < 0.2 if ipv6 is None else ipv6
        self.serial = 0
        self.devices = {}  # (namespace, name): kind
        self.spaces = {""}
        self.acts = {
            self.add_veth: 12, self.add_bridge: 5, self.add_macvlan: 6, self.add_tap: 4, self.add_odd: 2, self.add_space: 3,
            self.delete: 5, self.delete_space: 1.2, self.rename: 4, self.move: 8, self.mtu: 4, self.mac: 4, self.updown: 9,
            self.master: 9, self.flags: 3, self.label: 4, self.queue: 2, self.several: 3, self.bridge_opts: 4, self.port_opts: 5,
            self.macvlan_opts: 2, self.fdb: 6, self.mdb: 4, self.brctl: 4, self.address: 5, self.route: 3, self.neighbour: 2,
            self.batch: 2, self.show: 4, self.ifconfig: 2, self.nsid: 1, self.frames: 6, self.ping: 1, self.malformed: 4,
        }

    # ---- what to take ----

    def one(self, options):
        return self.rng.choice(tuple(options))

    def chance(self, probability):
        return self.rng.random() < probability

    def unused(self):
        free = [n for n in NAMES if not any(d[1] == n for d in self.devices)]
        return self.one(free) if free and self.chance(0.9) else self.one(NAMES)

    def name(self):
        return self.one(ODD_NAMES) if self.chance(0.06) else self.unused()

    def device(self, *kinds):
        """(namespace, name) of what there probably is, of one of @kinds."""
        found = sorted(d for d, k in self.devices.items() if not kinds or k in kinds)
        if found and self.chance(0.93):
            return self.one(found)
        return self.space(), self.one(NAMES)

    def near(self, space, *kinds):
        """A name in @space."""
        found = sorted(n for (s, n), k in self.devices.items() if s == space and (not kinds or k in kinds))
        return self.one(found) if found and self.chance(0.9) else self.one(NAMES)

    def space(self):
        return self.one(sorted(self.spaces)) if self.chance(0.97) else self.one(SPACES)

    def address_of(self):
        """An address that a device may have; never by chance, since the lowest one becomes a bridge's."""
        if self.chance(0.05):
            return self.one(ODD_MACS)
        if self.chance(0.08):
            return self.one(STATIONS)
        self.serial += 1
        return f"02:00:00:00:{self.one(('01', '02', '03'))}:{self.serial & 255:02x}"

    def some_mtu(self):
        return self.one(GOOD_MTUS if self.chance(0.7) else MTUS)

    def target(self, space):
        """The words after "netns", and where that is, or None."""
        to = self.one([s for s in sorted(self.spaces) if s != space] or ["n1"])
        if self.chance(0.05):
            return self.one(("n9", "0", "99999999", "''", "-1")), None
        if not to:
            return "$$", ""
        return to, to

    def opts(self, table, most=1):
        keys = self.rng.sample(sorted(table), self.rng.randint(1, most))
        # One alone may be wrong: of several it is open which one is told.
        return " ".join(f"{k} {self.one(table[k] if len(keys) == 1 else table[k][:2])}".strip() for k in keys)

    @staticmethod
    def ip(space, words):
        return f"ip {'-n ' + space + ' ' if space else ''}{words}"

    @staticmethod
    def bridge(space, words):
        return f"bridge {'-n ' + space + ' ' if space else ''}{words}"

    @staticmethod
    def inside(space, words):
        return f"ip netns exec {space} {words}" if space else words

    # ---- devices come ----

    def birth(self, space, most=2):
        """Words for a device that is made: its address always, and perhaps others."""
        words = [f"address {self.address_of()}"]
        for _ in range(self.rng.randint(0, most) if self.chance(0.4) else 0):
            words.append(self.one((
                f"mtu {self.some_mtu()}", f"txqueuelen {self.one((0, 5, 1000))}", f"index {self.one((50, 51, 52, 0, 1, -5))}",
                f"numtxqueues {self.one((1, 4))} numrxqueues {self.one((1, 2))}", "up", f"group {self.one((0, 5, 'default', 'x'))}",
                f"master {self.near(space, 'bridge')}", "arp off", "multicast off", "promisc on", "alias 'born so'", "nomaster",
                f"gso_max_size {self.one((65536, 1000, 70000))}", "broadcast ff:ff:ff:ff:ff:ff")))
        return " ".join(words)

    def add_veth(self):
        space, name, peer = self.space(), self.name(), self.name()
        there, where = space, ""
        if self.chance(0.35):
            word, there = self.target(space)
            where = f" netns {word}"
        words = f"link add {name if self.chance(0.9) else 'name ' + name} {self.birth(space)} type veth"
        if self.chance(0.92):
            words += f" peer name {peer} {self.birth(space)}{where}"
        else:
            peer = "veth0"
        if self.chance(0.05):
            words += f" netns {self.target(space)[0]}"
        self.devices[space, name] = "veth"
        if there is not None:
            self.devices[there, peer] = "veth"
        return self.ip(space, words)

    def add_bridge(self):
        space, name = self.space(), self.one(("br0", "br1")) if self.chance(0.8) else self.name()
        self.devices[space, name] = "bridge"
        birth = self.birth(space) if self.chance(0.4) else ""
        more = " " + self.opts(BRIDGE, 3) if self.chance(0.4) else ""
        return self.ip(space, f"link add {name} {birth} type bridge vlan_default_pvid 0{more}")

    def add_macvlan(self):
        lower_space, lower = self.device("veth", "tap", "bridge") if self.chance(0.9) else self.device()
        kind = self.one(("macvlan", "macvlan", "macvtap"))
        name = self.name()
        space, where = lower_space, ""
        if self.chance(0.15):
            word, space = self.target(lower_space)
            where = f"netns {word} "
        if space is not None:
            self.devices[space, name] = kind
        mode = f" mode {self.one(MODES)}" if self.chance(0.85) else ""
        if "source" in mode and self.chance(0.5):
            mode += f" macaddr {self.one(('add', 'set', 'del'))} {self.one(STATIONS)}"
        if self.chance(0.1):
            mode += " " + self.one(("nopromisc", "nodst", "bcqueuelen 5", "bclim 1", "macaddr flush", "mode nonsense"))
        return self.ip(lower_space, f"link add link {lower} name {name} {where}{self.birth(lower_space)} type {kind}{mode}")

    def add_tap(self):
        space, name = self.space(), self.one(("tap0", "tun0")) if self.chance(0.8) else self.name()
        mode = "tun" if name == "tun0" or self.chance(0.2) else "tap"
        if self.chance(0.15):
            self.devices.pop((space, name), None)
            return self.ip(space, f"tuntap del {name} mode {mode}")
        self.devices[space, name] = mode
        more = " " + self.one(("multi_queue", "pi", "vnet_hdr", "one_queue", "user root", "group root", "user 12", "nonsense")) \
            if self.chance(0.25) else ""
        add = self.ip(space, f"tuntap add {name} mode {mode}{more}")
        if self.chance(0.2) and not more:
            add = self.inside(space, f"tunctl -t {name}" + (" -n" if mode == "tun" else ""))
        if mode == "tun":
            return add
        return f"{add} && " + self.ip(space, f"link set {name} address {self.address_of()}")

    def add_odd(self):
        space, name = self.space(), self.name()
        return self.ip(space, "link add " + self.one((
            f"{name} type nonsense", f"{name}", f"{name} type veth peer", f"{name} type veth peer name", f"link nothing {name} type macvlan",
            f"{name} type macvlan", f"link {self.near(space)} {name} type bridge", f"link {self.near(space)} {name} type veth",
            f"{name} type veth peer name {name}", f"{name} type bridge nonsense 1", f"link lo {name} type macvlan mode bridge",
            f"{name} type tun", f"{name} type veth nonsense", "type veth peer name vz address 02:00:00:00:04:01",
            f"{name} address {self.address_of()} type veth peer name vz type bridge", f"type macvlan link {self.near(space)}")))

    # ---- and go ----

    def delete(self):
        space, name = self.device()
        if self.chance(0.1):
            return self.ip(space, f"link del {self.one(('group 5', 'dev ' + self.one(ALTNAMES), 'lo', name + ' type bridge', name + ' type veth', 'nothing', ''))}")
        if self.devices.get((space, name)) != "veth" or self.chance(0.5):
            self.devices.pop((space, name), None)
        return self.ip(space, f"link del {name}")

    def add_space(self):
        missing = [s for s in SPACES if s not in self.spaces]
        if not missing:
            return self.delete_space()
        if self.chance(0.15):
            return f"ip netns add {self.one(ODD_NAMES[:9] + ('n1', 'n2'))} 2>&1 | head -1"
        space = self.one(missing)
        self.spaces.add(space)
        quiet = "" if self.ipv6 else f" && ip netns exec {space} sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1"
        return f"ip netns add {space}{quiet}"

    def delete_space(self):
        space = self.one(("n1", "n2", "n3"))
        self.spaces.discard(space)
        for device in [d for d in self.devices if d[0] == space]:
            del self.devices[device]
        return f"ip netns del {space}"

    # ---- and change ----

    def renamed(self, space, name, new):
        kind = self.devices.pop((space, name), None)
        if kind:
            self.devices[space, new] = kind

    def rename(self):
        space, name = self.device()
        new = self.name()
        self.renamed(space, name, new)
        return self.ip(space, f"link set {name} name {new}")

    def move(self):
        space, name = self.device()
        word, to = self.target(space)
        more = ""
        new = name
        if self.chance(0.2):
            new = self.name()
            more = f" name {new}"
        if self.chance(0.1):
            more += " " + self.one((f"mtu {self.some_mtu()}", "up", f"address {self.address_of()}", f"index {self.one((50, 51, 60))}",
                                    "nomaster", "group 5", "down"))
        if to is not None and self.devices.get((space, name)) != "bridge":
            kind = self.devices.pop((space, name), None)
            if kind:
                self.devices[to, new] = kind
        return self.ip(space, f"link set {name}{more} netns {word}")

    def mtu(self):
        space, name = self.device()
        return self.ip(space, f"link set {name} mtu {self.some_mtu()}")

    def mac(self):
        space, name = self.device("veth", "tap", "bridge", "macvlan", "macvtap", "tap")
        return self.ip(space, f"link set {name} address {self.address_of()}")

    def updown(self):
        space, name = self.device()
        return self.ip(space, f"link set {name} {'up' if self.chance(0.75) else 'down'}")

    def master(self):
        space, name = self.device("veth", "tap", "bridge") if self.chance(0.9) else self.device()
        if self.chance(0.25):
            return self.ip(space, f"link set {name} nomaster")
        return self.ip(space, f"link set {name} master {self.near(space, 'bridge') if self.chance(0.95) else self.near(space)}")

    def flags(self):
        space, name = self.device()
        return self.ip(space, f"link set {name} {self.one(FLAGS)} {self.one(('on', 'off'))}")

    def label(self):
        space, name = self.device()
        return self.ip(space, self.one((
            f"link set {name} alias '{self.one(('', 'the first', 'x' * 255, 'x' * 256, 'ü'))}'", f"link property add dev {name} altname {self.one(ALTNAMES)}",
            f"link property del dev {name} altname {self.one(ALTNAMES)}", f"link set {name} group {self.one((0, 5, 7, 'default', -1))}",
            f"link property add dev {name} altname {self.one(ODD_NAMES)}", f"link property add dev {name} altname {self.one(NAMES)}",
            f"link set dev {self.one(ALTNAMES)} up", f"link set group 5 {self.one(('up', 'down', 'mtu 1400', 'group 7', 'alias x'))}")))

    def queue(self):
        space, name = self.device()
        return self.ip(space, f"link set {name} " + self.one((
            f"txqueuelen {self.one((0, 1, 1000, -1, 4294967295))}", f"gso_max_size {self.one((1500, 65536, 524280, 524281, 0))}",
            f"gso_max_segs {self.one((1, 65535, 65536))}", f"mode {self.one(('dormant', 'default'))}", f"state {self.one(('up', 'down', 'dormant'))}",
            f"addrgenmode {self.one(('none', 'eui64', 'random'))}", f"gro_max_size {self.one((1500, 65536, 65537))}",
            f"vf 0 mac {self.one(STATIONS)}", "xdp off", f"protodown {self.one(('on', 'off'))}", "link-netnsid 3",
            "broadcast ff:ff:ff:ff:ff:fe", "peer 02:00:00:00:00:01", f"index {self.one((60, 61))}")))

    def several(self):
        space, name = self.device()
        words = [self.one((f"mtu {self.some_mtu()}", f"address {self.address_of()}", "up", "down", "nomaster", "txqueuelen 7", "group 5",
                           f"master {self.near(space, 'bridge')}", "arp off", "arp on", "alias both", f"name {self.name()}",
                           "type bridge priority 7", "type bridge_slave cost 5", "type veth", "type macvlan mode bridge",
                           f"netns {self.target(space)[0]}")) for _ in range(self.rng.randint(2, 4))]
        words.sort(key=lambda w: w.startswith("type"))
        return self.ip(space, f"link set {name} {' '.join(words)}")

    def bridge_opts(self):
        space, name = self.device("bridge")
        return self.ip(space, f"link set {name} type bridge {self.opts(BRIDGE)}")

    def port_opts(self):
        space, name = self.device("veth", "tap")
        if self.chance(0.5):
            return self.ip(space, f"link set {name} type bridge_slave {self.opts(PORT)}")
        return self.bridge(space, f"link set dev {name} {self.opts(BY_BRIDGE_TOOL, 2)}")

    def macvlan_opts(self):
        space, name = self.device("macvlan", "macvtap")
        kind = self.devices.get((space, name), "macvlan")
        return self.ip(space, f"link set {name} type {kind} " + self.one((
            f"mode {self.one(MODES)}", f"macaddr add {self.one(STATIONS)}", f"macaddr del {self.one(STATIONS)}", "macaddr flush",
            f"macaddr set {self.one(STATIONS)} {self.one(STATIONS)}", "flag nopromisc", "flag nodst", "bcqueuelen 100")))

    # ---- bridges' tables ----

    def fdb(self):
        space, name = self.device("veth", "tap", "bridge", "macvlan")
        mac = self.one(STATIONS + ("01:00:5e:00:00:07", "00:00:00:00:00:00", "33:33:00:00:00:07")) if self.chance(0.9) else self.one(ODD_MACS)
        if self.chance(0.12):
            return self.bridge(space, self.one((
                f"fdb flush dev {name}", f"fdb flush dev {name} master", f"fdb get {mac} dev {name}", f"fdb get {mac} br {name}",
                f"fdb show br {name}", f"fdb show brport {name}", f"fdb show dev {name}", f"fdb flush dev {name} vlan 1",
                f"fdb flush dev {name} master dynamic", f"fdb get {mac} dev {name} master", f"-s fdb show brport {name} | wc -l")))
        word = self.one(("add", "add", "append", "replace", "del", "del"))
        more = [self.one(("master", "master", "self", ""))]
        for _ in range(self.rng.randint(0, 2)):
            more.append(self.one(("static", "local", "permanent", "dynamic", "temp", "sticky", "extern_learn", "use", "vlan 4096", "dst 10.0.0.1",
                                  "via va", "port 5")))
        return self.bridge(space, f"fdb {word} {mac} dev {name} {' '.join(more)}".rstrip())

    def mdb(self):
        space, name = self.device("bridge")
        port = self.near(space, "veth", "tap") if self.chance(0.85) else name
        group = self.one(("239.1.1.1", "239.1.1.2", "ff15::1", "ff02::1", "224.0.0.1", "10.0.0.1", "01:00:5e:01:02:03", "02:00:00:00:00:01", "x"))
        more = self.one(("", "", "permanent", "temp", "vid 5", "src 10.0.0.9", "src 10.0.0.9 filter_mode include", "nonsense",
                         "filter_mode exclude source_list 10.0.0.8,10.0.0.9", "proto static", "permanent src 10.0.0.9"))
        return self.bridge(space, f"mdb {self.one(('add', 'add', 'add', 'replace', 'del'))} dev {name} port {port} grp {group} {more}".rstrip())

    def brctl(self):
        space, name = self.device("bridge")
        port = self.near(space, "veth", "tap")
        words = self.one((f"addif {name} {port}", f"addif {name} {port}", f"delif {name} {port}", f"addbr {self.name()}", f"delbr {name}",
                          f"stp {name} {self.one(('on', 'off'))}", f"setfd {name} {self.one((0, 2, 15, 40))}", f"sethello {name} {self.one((1, 2, 20))}",
                          f"setmaxage {name} {self.one((6, 20, 50))}", f"setageing {name} {self.one((0, 30, 300))}",
                          f"setbridgeprio {name} {self.one((0, 7, 65535, 65536))}", f"setportprio {name} {port} {self.one((0, 5, 64))}",
                          f"setpathcost {name} {port} {self.one((1, 100, 0))}", f"hairpin {name} {port} {self.one(('on', 'off'))}",
                          f"show {name}", f"showmacs {name} | cut -f1-3", f"showstp {name}", "show"))
        return self.inside(space, "brctl " + words)

    # ---- the kernel's own, passed on ----

    def address(self):
        space, name = self.device()
        prefix = self.one(PREFIXES).format(self.rng.randint(1, 9))
        return self.ip(space, self.one((f"addr add {prefix} dev {name}", f"addr add {prefix} dev {name}", f"addr replace {prefix} dev {name}",
                                        f"addr del {prefix} dev {name}", f"addr flush dev {name}", f"addr add 10.9.0.1 peer 10.9.0.2 dev {name}",
                                        f"addr add {prefix} dev {name} label {name}:1", f"addr add 10.0.0.999/24 dev {name}")))

    def route(self):
        space, name = self.device()
        return self.ip(space, self.one((f"route add 10.7.0.0/16 dev {name}", f"route add default via 10.0.0.{self.rng.randint(1, 9)}",
                                        f"route del 10.7.0.0/16", f"route replace 10.8.0.0/16 via 10.0.1.1 dev {name}", f"-6 route add fd07::/64 dev {name}",
                                        "-j route get 10.0.0.3", "rule add from 10.0.0.1 lookup 77", "route flush table 77", f"route add 10.6.0.0/16 dev {name} table 77")))

    def neighbour(self):
        space, name = self.device()
        return self.ip(space, self.one((f"neigh add 10.0.0.7 lladdr {self.one(STATIONS)} dev {name}", f"neigh replace 10.0.0.7 lladdr {self.one(STATIONS)} dev {name} nud permanent",
                                        f"neigh del 10.0.0.7 dev {name}", f"neigh flush dev {name}", f"neigh add proxy 10.0.0.8 dev {name}")))

    def nsid(self):
        space = self.one(("n1", "n2", "n3"))
        return self.one((f"ip netns set {space} {self.one((5, 6, 'auto'))}", "ip netns list", "ip netns list-id", f"ip netns pids {space} | wc -l",
                         f"ip netns attach {space} $$", "ip netns identify $$", f"ip netns exec {space} true", "ip netns set n9 1"))

    def ifconfig(self):
        space, name = self.device()
        return self.inside(space, self.one((f"ifconfig {name} up", f"ifconfig {name} down", f"ifconfig {name} mtu {self.some_mtu()}",
                                            f"ifconfig {name} hw ether {self.address_of()}", f"ifconfig {name} 10.0.0.{self.rng.randint(1, 9)}/24",
                                            f"ifconfig {name} promisc", f"ifconfig {name} -arp", f"nameif {self.unused()} {self.address_of()}",
                                            f"ip link set {name} up", f"cat /proc/net/dev | wc -l", f"ls /sys/class/net")))

    # ---- all at once, looking, traffic, nonsense ----

    def plain(self):
        return self.one((self.add_veth, self.updown, self.mtu, self.mac, self.master, self.rename, self.delete, self.address, self.move))()

    def batch(self):
        lines = []
        for _ in range(self.rng.randint(2, 6)):
            command = self.plain()
            words = command.removeprefix("ip ")
            if not command.startswith("ip ") or words.startswith("-") or "$$" in words or "'" in words:
                continue
            lines.append(words)
        force = "-force " if self.chance(0.5) else ""
        return f"ip {force}-batch - <<'END'\n" + "\n".join(lines or ["link show lo"]) + "\nEND"

    def show(self):
        space, name = self.device()
        words = self.one((f"link show {name}", f"-d link show {name}", f"-j link show {name}", f"link show dev {self.one(ALTNAMES)}", "-br link", f"link show master {name}",
                          "link show type veth", "link show type bridge", "-j -d link show type bridge_slave", "link show up", "link show group 5", f"-o link show {name}", "-j -d link show type macvlan",
                          f"addr show {name}", f"addr show dev {name}", f"-br addr show {name}", "link show nomaster", f"link show type nonsense", "link show vrf x", f"-6 addr show {name}", "route show", "maddr show dev lo",
                          f"tuntap show", "-j netns"))
        return self.ip(space, words)

    def frames(self):
        space, name = self.device()
        to = self.one(("all", "all", "nobody") + STATIONS[:3])
        if self.devices and self.chance(0.5):
            other = self.device()
            to = f"{other[1]}@{other[0]}"
        source = self.one(("own", "own") + STATIONS)
        size = self.one((60, 60, 1514, 1515, 9014, 61))
        return f"everyone {name}@{space} {source} {to} {size} {self.one((1, 3, 20))}"

    def ping(self):
        space, _ = self.device()
        return self.inside(space, f"ping -c1 -W1 -q 10.0.0.{self.rng.randint(1, 9)} | sed -n 2,4p")

    def malformed(self):
        words = self.plain().split(" ")
        for _ in range(self.rng.randint(1, 2)):
            at = self.rng.randrange(1, len(words))
            how = self.rng.randrange(4)
            if how == 0:
                del words[at]
            elif how == 1:
                words.insert(at, self.one(words[1:]))
            elif how == 2:
                words[at] = self.one(("0", "-1", "nothing", "''", "99999999999", "lo", "type", "dev", "x" * 200))
            else:
                del words[at:]
            if len(words) < 2:
                break
        return " ".join(words) if len(words) > 1 else "ip link"

    def command(self):
        if not self.devices:
            return self.one((self.add_veth, self.add_bridge, self.add_tap))()
        return self.rng.choices(list(self.acts), list(self.acts.values()))[0]()

    def commands(self, count):
        first = [] if self.ipv6 else ["sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1"]
        return first + [self.command() for _ in range(count)]
