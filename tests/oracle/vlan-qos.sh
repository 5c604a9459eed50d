# ingress and egress maps of priorities
# engine: vlan
port va
ip link add link va va.5 type vlan id 5 ingress-qos-map 1:2 7:6 egress-qos-map 2:3 0:1
ip -d -j link show va.5 | jq -c '.[0].linkinfo.info_data'
ip link set va.5 type vlan ingress-qos-map 1:0 3:4
ip -d -j link show va.5 | jq -c '.[0].linkinfo.info_data.ingress_qos'
ip link set va.5 type vlan egress-qos-map 2:0 10:7
ip -d -j link show va.5 | jq -c '.[0].linkinfo.info_data.egress_qos'
ip link set va.5 type vlan egress-qos-map 1:8
ip link set va.5 type vlan ingress-qos-map 8:1
ip link set va.5 type vlan ingress-qos-map x:1
ip link set va.5 type vlan ingress-qos-map 1
ip -d link show va.5 | grep -A3 'vlan protocol' | grep -o '{.*}'
