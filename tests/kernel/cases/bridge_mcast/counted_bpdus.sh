# what ports count of the spanning tree: BPDUs, and how often they were blocked and let forward
# needs: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add bra type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600 priority 100 mcast_snooping 0
ip link add brb type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600 priority 200 mcast_snooping 0
for i in 1 2; do ip link add a$i type veth peer name b$i; ip link set a$i master bra up; ip link set b$i master brb up; done
ip link set bra up; ip link set brb up
await has 'state forwarding' bridge link show dev b1
await has 'state blocking' bridge link show dev b2
seen() { ip -j stats show dev $1 group xstats_slave subgroup bridge suite stp | jq -c ".[0].stp | .$2 |= (. > 3) | del(.$3)"; }
await has true seen a2 tx_bpdu rx_bpdu
seen a1 tx_bpdu rx_bpdu
seen a2 tx_bpdu rx_bpdu
seen b1 rx_bpdu tx_bpdu
seen b2 rx_bpdu tx_bpdu
