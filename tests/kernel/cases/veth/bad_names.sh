# names that no device may have
ip link add 1234567890123456 type veth peer name vb
ip link add va type veth peer name 1234567890123456
ip link add '' type veth peer name vb
ip link add va type veth peer name ''
ip link add 'a/b' type veth peer name vb
ip link add va type veth peer name 'a/b'
ip link add 'a b' type veth peer name vb
ip link add 'a:b' type veth peer name vb
ip link add . type veth peer name vb
ip link add .. type veth peer name vb
ip link add 123456789012345 type veth peer name 'ä€'
ip -br link | cut -d' ' -f1
