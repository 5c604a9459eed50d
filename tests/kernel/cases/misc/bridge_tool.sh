# the bridge program's empty answers
ip link add va type veth peer name vb
bridge link
bridge vlan
bridge fdb show dev va
bridge link set dev va cost 5
