#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# doctor - on hosts that lack something, the doctor names it and the cure, and run says why not.
#
# The hosts are made of this one: a private mount namespace in which something is masked, or a
# user namespace with a limit.  That takes root, or user namespaces for an ordinary user.
import json
import os
import subprocess
import sys

from helper import PATIENCE, Skipped, expect, expect_equal, expect_match, run_tests

REQUIRED = {"user namespaces", "mount namespaces", "network namespaces", "process namespaces", "user map",
            "entering namespaces", "/proc", "/run/netns", "/sys", "/dev/net/tun", "seccomp notification",
            "runtime directory"}


def on_host(place, setup, *words):
    """Run wireyard where the shell script @setup, run as root of a private mount namespace, has been."""
    unshare = ["unshare", "-m", "--propagation", "private"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    return subprocess.run([*unshare, "sh", "-c", setup + '\nexec "$@"', "sh", *place.words(*words)], text=True,
                          env=place.environment(), cwd=place.cwd, capture_output=True, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL)


def missing(done):
    return {probe["name"]: probe for probe in json.loads(done.stdout) if probe["state"] == "missing"}


def expect_missing(place, setup, name, text, cure):
    done = on_host(place, setup, "doctor", "--json")
    expect_equal(done.returncode, 1, f"status ({done.stdout} {done.stderr})")
    found = missing(done)
    expect_equal(set(found), {name}, "what is missing")
    expect_match(text, found[name]["text"])
    expect_match(cure, found[name]["cure"])
    lines = on_host(place, setup, "doctor").stdout.splitlines()
    bad = [line for line in lines if line.startswith("missing: ")]
    expect_equal(len(bad), 1, "lines that say missing")
    expect_match(rf"^missing: {name}: .*{text}.*\. cure: .*{cure}", bad[0])


def a_good_host_has_all(place):
    done = place.run("doctor")
    expect_equal(done.returncode, 0, done.stdout)
    for line in done.stdout.splitlines():
        expect_match("^(ok|info) [^:]+: .+", line)
    probes = json.loads(place.good("doctor", "--json"))
    expect_equal({p["name"] for p in probes if p["state"] == "ok"} | {"/sys"}, REQUIRED)


def a_masked_proc(place):
    mask = "mount -t tmpfs none /proc/bus"
    expect_missing(place, mask, "/proc", "cannot be mounted", "unmask")
    done = on_host(place, mask, "run", "true")
    expect_equal(done.returncode, 125)
    expect_match(r"\Awireyard: a /proc of the yard's own cannot be mounted .*systempaths=unconfined\)\n\Z", done.stderr)


def a_masked_sys(place):
    mask = "mount -t tmpfs none /sys/firmware"
    expect_missing(place, mask, "/sys", "cannot be mounted", "unmask")
    done = on_host(place, mask, "run", "true")
    expect_equal(done.returncode, 125)
    expect_match(r'\Awireyard: a /sys .*"ip netns exec" would fail', done.stderr)


def a_read_only_sys_is_left_alone(place):
    done = on_host(place, "mount -o remount,bind,ro /sys", "doctor", "--json")
    expect_equal(done.returncode, 0, done.stdout)
    expect_equal([p["state"] for p in json.loads(done.stdout) if p["name"] == "/sys"], ["info"])
    done = on_host(place, "mount -o remount,bind,ro /sys", "run", "sh", "-c",
                   "ip netns add a && ip netns exec a cat /proc/net/dev | grep -c lo:")
    expect_equal((done.returncode, done.stdout), (0, "1\n"), done.stderr)


def no_user_namespaces_left(place):
    limit = "echo 0 >/proc/sys/user/max_user_namespaces"
    done = subprocess.run(["unshare", "-Ur", "sh", "-c", limit + '\n exec "$@"', "sh", str(place.stage.wireyard), "doctor",
                           "--json"], text=True, env=place.environment(), cwd=place.cwd, capture_output=True,
                          preexec_fn=lambda: os.setresuid(place.uid, place.uid, place.uid))
    expect_equal(done.returncode, 1, done.stdout + done.stderr)
    found = missing(done)
    expect_equal(set(found), {"user namespaces"})
    expect_match("max_user_namespaces is 0", found["user namespaces"]["text"])
    expect_match("sysctl -w user.max_user_namespaces", found["user namespaces"]["cure"])


def no_network_namespaces_left(place):
    limit = "echo 0 >/proc/sys/user/max_net_namespaces"
    words = ["unshare", "-Ur", "sh", "-c", limit + '\n exec "$@"', "sh", str(place.stage.wireyard)]
    how = dict(text=True, env=place.environment(), cwd=place.cwd, capture_output=True,
               preexec_fn=lambda: os.setresuid(place.uid, place.uid, place.uid))
    found = missing(subprocess.run([*words, "doctor", "--json"], **how))
    expect_equal(set(found), {"network namespaces"})
    expect_match("sysctl -w user.max_net_namespaces", found["network namespaces"]["cure"])
    done = subprocess.run([*words, "run", "true"], **how)
    expect_equal(done.returncode, 125)
    expect_match(r"\Awireyard: [^\n]*limit[^\n]*max_net_namespaces[^\n]*\n\Z", done.stderr)


def a_seccomp_listener_in_the_way(place):
    done = place.run("run", place.stage.wireyard, "doctor", "--json")
    found = missing(done)
    expect("seccomp notification" in found, done.stdout)
    expect_match("in use around this process", found["seccomp notification"]["text"])


def expect_no_tun(place, mask, text, cure):
    """As expect_missing, for what launch.py would cover with a node of the test's own."""
    if os.geteuid():
        raise Skipped("takes root: device nodes")
    drop = f"setpriv --reuid {place.uid} --regid {place.uid} --clear-groups"
    done = subprocess.run(["unshare", "-m", "--propagation", "private", "sh", "-c", f"mount -t tmpfs none /dev/net; {mask}\n"
                           f"exec {drop} {place.stage.wireyard} doctor --json"], text=True,
                          env=place.environment(), cwd=place.cwd, capture_output=True, check=False)
    found = missing(done)
    expect_equal((set(found), done.returncode), ({"/dev/net/tun"}, 1))
    expect_match(text, found["/dev/net/tun"]["text"])
    expect_match(cure, found["/dev/net/tun"]["cure"])


def no_tun_device(place):
    expect_no_tun(place, "", "does not exist", "modprobe tun")


def a_tun_device_without_a_driver(place):
    expect_no_tun(place, "mknod -m 666 /dev/net/tun c 10 199", "is not there", "modprobe tun")


def a_tun_device_that_is_none(place):
    expect_no_tun(place, ">/dev/net/tun; chmod 666 /dev/net/tun", "no tap can be made", "CONFIG_TUN")


def a_closed_tun_device(place):
    if place.uid:
        expect_no_tun(place, "mknod -m 600 /dev/net/tun c 10 200", "cannot be opened for writing", "chmod 0666")


def run_is_built_anew_where_it_has_no_netns(place):
    setup = f"""mount --rbind {place.run_dir} {place.run_dir}
        mkdir {place.top}/kept {place.top}/kept/dir {place.top}/kept/closed
        mount -t tmpfs none {place.top}/kept/dir && echo deep >{place.top}/kept/dir/file
        echo shallow >{place.top}/kept/file; ln -s file {place.top}/kept/link; mkfifo {place.top}/kept/fifo
        chmod 700 {place.top}/kept/closed
        mount --rbind {place.top}/kept /run"""
    script = ("cat /run/dir/file /run/file /run/link; ls -A /run; test -p /run/fifo && ip netns add one && ip netns;"
              "echo new >/run/dir/new; cat /run/dir/new")
    words = ["sh", "-c", script]
    done = on_host(place, setup, "run", *words)
    lines = done.stdout.splitlines()
    expect_equal(lines[:3], ["deep", "shallow", "shallow"], done.stderr)
    expect_equal(set(lines[3:-2]), {"closed", "dir", "fifo", "file", "link", "netns"})
    expect_equal(lines[-2:], ["one", "new"])
    expect_equal(sorted(os.listdir(place.top / "kept")), ["closed", "dir", "fifo", "file", "link"], "outside")


def run_netns_is_covered_where_it_exists(place):
    setup = f"mkdir -p {place.top}/kept/netns; >{place.top}/kept/netns/hosts; mount --rbind {place.top}/kept /run"
    done = on_host(place, setup, "run", "sh", "-c", "ls /run/netns; ip netns add mine; ip netns")
    expect_equal((done.returncode, done.stdout), (0, "mine\n"), done.stderr)
    expect_equal(os.listdir(place.top / "kept" / "netns"), ["hosts"])


sys.exit(run_tests([value for name, value in list(globals().items())
                    if callable(value) and value.__module__ == "__main__"
                    and name not in ("on_host", "missing", "expect_missing", "expect_no_tun")]))
