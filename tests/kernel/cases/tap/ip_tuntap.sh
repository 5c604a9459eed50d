# ip tuntap adds, lists and deletes taps
ip tuntap add tap1 mode tap
ip tuntap add dev tap2 mode tap
ip tuntap
ip tuntap list
ip -j tuntap
ip -j link show tap1
ip -d -j link show tap1
ip -d link show tap1
ip link show tap1
ip tuntap del tap1 mode tap
ip -br link | cut -d' ' -f1
ip link del tap2
ip tuntap
