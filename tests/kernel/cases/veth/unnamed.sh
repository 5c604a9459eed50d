# without names the pair is veth0 and veth1, then the next free
ip link add type veth
ip link add type veth
ip -br link | cut -d' ' -f1
ip link add foo type veth
ip -br link | cut -d' ' -f1
ip link add name bar type veth
ip -br link | cut -d' ' -f1
