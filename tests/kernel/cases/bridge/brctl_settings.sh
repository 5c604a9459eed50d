# brctl sets what ip shows
# needs: bridge
brctl addbr br0
port va address 02:00:00:00:00:0a
brctl addif br0 va
brctl setageing br0 100
brctl setbridgeprio br0 4096
brctl setfd br0 5
brctl sethello br0 3
brctl setmaxage br0 10
attr br0 ageing_time priority forward_delay hello_time max_age
brctl setpathcost br0 va 55
brctl setportprio br0 va 7
brctl hairpin br0 va on
attr va cost priority hairpin
brctl stp br0 on
attr br0 stp_state
brctl stp br0 off
brctl stp br0 yes
attr br0 stp_state mcast_snooping
brctl sethello br0 0
brctl setmaxage br0 99
brctl setportprio br0 va 64
brctl setpathcost br0 va 0
attr br0 hello_time max_age
attr va cost priority
