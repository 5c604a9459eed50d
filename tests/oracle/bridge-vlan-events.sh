# what is heard of VLANs
# engine: bridge vlan_filtering
star 1 vlan_filtering 1
stdbuf -oL bridge monitor vlan >log &
stir log 'bridge vlan add dev p1 vid 99; bridge vlan del dev p1 vid 99'
bridge vlan add dev p1 vid 10
bridge vlan add dev p1 vid 20-22 untagged
bridge vlan del dev p1 vid 10
bridge vlan add dev p1 vid 44
await grep -aq 44 log
sed -n "/ 10$/,\$p" log
