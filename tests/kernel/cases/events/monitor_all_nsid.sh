# ip monitor all-nsid hears of the links of other namespaces, and what they are
# differs: nsid.5 the number of the namespace comes beside a netlink message, and a Unix socket has no such place
ip netns add n1
ip netns set n1 5
ip netns add n2
ip link add here type veth peer name there
ip monitor link all-nsid >log 2>/dev/null &
stir log 'ip link set here down; ip link set here up'
ip -n n1 link add va type veth peer name vb
ip -n n1 link add br0 type bridge
ip -n n1 link set vb master br0
ip -n n2 link add unheard type veth peer name silent
ip link add last type veth
await grep -q last@ log
grep -oE '(va|vb)@[a-z0-9]*:' log | grep -v NONE | sort -u
grep -oE 'vb@.* master br0' log | grep -o 'master.*' | sort -u
grep -c unheard log
grep -oE 'nsid 5.*va@' log
