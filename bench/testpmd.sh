#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# testpmd.sh - what dpdk-testpmd forwards between two memory devices on one core, in Mpps:
# 64-byte packets, the sum of both directions.
#
#	bench/testpmd.sh io|io-copied|macswap
#
# io looks at nothing, macswap rewrites addresses.  io-copied: the memory devices copy each packet in and out.  2-MiB pages are used where the
# host has 128 MiB of them to spare, and never asked for.  Prints nothing where testpmd is not
# installed or cannot run.  Takes some six seconds.
set -u
PATH=$PATH:/usr/sbin:/sbin:/usr/bin
command -v dpdk-testpmd >/dev/null || exit 0
copy=0
[ "${1:-io}" = io-copied ] && copy=1
mode=io
[ "${1:-io}" = macswap ] && mode=macswap
pages=$(cat /sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages 2>/dev/null || echo 0)
if [ "$pages" -ge 64 ]; then
	memory="--in-memory -m 128"
else
	memory="--no-huge -m 256"
fi
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cores=0,1
[ "$(nproc)" -gt 1 ] || cores=0
# A runtime folder of its own, so that nothing of it stays in /run or /var/run.
XDG_RUNTIME_DIR=$home RUNTIME_DIRECTORY=$home timeout -s INT 6 dpdk-testpmd -l $cores --no-pci \
	--no-telemetry --file-prefix="wireyard$$" $memory \
	--vdev=net_null0,size=64,copy=$copy --vdev=net_null1,size=64,copy=$copy \
	-- --nb-cores=1 --total-num-mbufs=8192 --stats-period 1 --auto-start --forward-mode=$mode \
	</dev/null >"$home/log" 2>&1
# Each second each port tells its rate; the first two seconds are warming up.
awk '/NIC statistics for port/ { port = $6 }
     /Rx-pps:/ { n[port]++; rate[n[port]] += $2; if (n[port] > last) last = n[port] }
     END { for (i = 3; i <= last; i++) if (rate[i] > 0) print rate[i] / 1e6 }' "$home/log" |
	sort -g | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)] }'
