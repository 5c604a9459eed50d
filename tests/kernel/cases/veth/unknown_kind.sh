# a kind that no kernel has
ip link add va type nosuchkind
ip link add type nosuchkind
ip link set lo type nosuchkind
ip link show type nosuchkind
ip link add va type 1234567890123456789012345678901234567890123456789012345678901234567890
