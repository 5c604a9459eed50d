# what iproute2's replace and change do
ip link add va type veth peer name vb
ip link replace va type veth peer name vb
ip link change va mtu 1300
ip link change vq mtu 1300
ip -j link show va
