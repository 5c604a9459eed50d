# nf_call_iptables and its siblings
# needs: bridge
ip link add br0 type bridge nf_call_iptables 1
attr br0 nf_call_iptables nf_call_ip6tables nf_call_arptables
ip link set br0 type bridge nf_call_iptables 0 nf_call_ip6tables 1 nf_call_arptables 1
attr br0 nf_call_iptables nf_call_ip6tables nf_call_arptables
