# a provider bridge: service tags count, customers' are payload
# engine: bridge vlan_filtering
star 3 vlan_filtering 1 vlan_protocol 802.1ad
bridge vlan add dev p1 vid 10 pvid untagged
bridge vlan add dev p2 vid 10
deliver h1:a,all/tag=5 h1:a,all h2:b,all/ad=10 h2:b,all/ad=10/tag=5 h2:b,a/tag=10 h3:c,all/tag=10 h1:a,all/ad=10
