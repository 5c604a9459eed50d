# the same of MLDv2
# needs: bridge
star 1 mcast_mld_version 2
show() { await has "$1" bridge -d mdb; bridge -d mdb show | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'; }
mcast send h1 mld2,is_in/ff15::1/fd00::1
show fd00::1
mcast send h1 mld2,is_ex/ff15::1/fd00::2
show fd00::2
mcast send h1 mld2,allow/ff15::1/fd00::3
show fd00::3
mcast send h1 mld2,to_ex/ff15::1/fd00::4
show fd00::4
mcast send h1 mld2,is_ex/ff02::1+is_ex/ff02::2
show ff02::2
