# IGMP is version 2 or 3, MLD 1 or 2
# needs: bridge
ip link add br0 type bridge mcast_igmp_version 3 mcast_mld_version 2
attr br0 mcast_igmp_version mcast_mld_version
ip link set br0 type bridge mcast_igmp_version 1
ip link set br0 type bridge mcast_igmp_version 4
ip link set br0 type bridge mcast_mld_version 0
ip link set br0 type bridge mcast_mld_version 3
attr br0 mcast_igmp_version mcast_mld_version
ip link set br0 type bridge mcast_igmp_version 2 mcast_mld_version 1
attr br0 mcast_igmp_version mcast_mld_version
