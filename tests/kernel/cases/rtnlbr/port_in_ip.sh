# ip -j shows a port's master and settings, in dumps and when it is asked for alone
# engine: bridge
# needs: bridge
ip link add br0 type bridge
ip link add p1 type veth peer name h1
ip link set p1 master br0
ip -d -j link show dev p1 | jq -c '.[] | [.ifname, .master, .linkinfo.info_kind, .linkinfo.info_slave_kind, .linkinfo.info_slave_data.state, .linkinfo.info_slave_data.cost]'
ip -d -j link show | jq -c '.[] | select(.master) | [.ifname, .master, .linkinfo.info_slave_kind]'
ip -d -j link show master br0 | jq -c '.[] | [.ifname, .promiscuity, .allmulti]'
ip -d -j link show dev h1 | jq -c '.[] | [.ifname, .master, .linkinfo.info_slave_kind, .promiscuity, .allmulti]'
ip link set p1 type bridge_slave learning off guard on
ip -d -j link show dev p1 | jq -c '.[].linkinfo.info_slave_data | [.learning, .guard]'
ip link set p1 nomaster
ip -d -j link show dev p1 | jq -c '.[] | [.master, .linkinfo.info_slave_kind, .promiscuity]'
