# alternative names are added, used and removed
ip link add va type veth peer name vb
ip link property add dev va altname other altname a-rather-long-name-of-a-device
ip -j link show va
ip link show dev other
ip link set dev a-rather-long-name-of-a-device mtu 1280
ip -j link show other
ip link property add dev vb altname other
ip link property add dev vb altname va
ip link property del dev va altname other
ip link show other
ip link property del dev va altname nothing
ip link add other type veth peer name a-rather-long-name-of-a-device
