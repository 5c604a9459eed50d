# a veth's other end cannot be born up: there is nothing at its end yet, and nothing is left
ip link add va type veth peer name vb up
grep -c : /proc/net/dev
ip link add va up type veth peer name vb
ip -br link | cut -d' ' -f1
