# commands for what is not there
ip vrf show
ip mptcp endpoint show
ip link show type vrf
ip -6 token
