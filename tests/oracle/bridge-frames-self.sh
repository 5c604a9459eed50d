# the bridge's own VLANs
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 10
bridge vlan add dev p2 vid 10
deliver h1:a,all/tag=10 h1:a,@br0/tag=10 h1:a,@br0 br0:q,all br0:q,all/tag=10
bridge vlan add dev br0 vid 10 self
deliver h1:a,all/tag=10 h1:a,@br0/tag=10 br0:q,all/tag=10 br0:q,a/tag=10
bridge vlan add dev br0 vid 10 pvid untagged self
deliver h1:a,all/tag=10 br0:q,all h1:a,all
