# fastleave with MLDv2: the last of several hosts has left, and how many are told apart
# needs: bridge
star 1 mcast_mld_version 2
ip link set p1 type bridge_slave fastleave on
rawlink port p1 37=2
rawlink port p1 37
show() { await $1 "$2" bridge -d mdb; rawlink port p1 38; bridge -d mdb show | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'; }
mcast send h1 mld2,is_ex/ff05::1,src=fe80::11 mld2,is_in/ff05::1/2001:db8::1/2001:db8::2,src=fe80::12 mld2,is_ex/ff05::1,src=fe80::13 mld1,ff05::a
show has ff05::a
mcast send h1 mld2,to_in/ff05::1,src=fe80::11 mld1,ff05::b
show has ff05::b
mcast send h1 mld2,block/ff05::1/2001:db8::1,src=fe80::12 mld1,ff05::c
show has ff05::c
mcast send h1 mld2,block/ff05::1/2001:db8::2,src=fe80::12
show lacks 2001:db8::2
mcast send h1 mld2,is_ex/ff05::2,src=fe80::13 mld2,to_ex/ff05::2/2001:db8::9,src=fe80::14 mld1,ff05::d
show has ff05::d
ip link set p1 type bridge_slave fastleave off
mcast send h1 mld2,to_in/ff05::2,src=fe80::13 mld1,ff05::e
show has ff05::e
