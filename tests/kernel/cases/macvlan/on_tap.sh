# on a tap
# needs: macvlan
ip tuntap add dev t0 mode tap
ip link add link t0 mva type macvlan mode bridge
ip link show mva
ip link set t0 up
ip link set mva up
ip link show mva
ip tuntap del dev t0 mode tap
ip link
