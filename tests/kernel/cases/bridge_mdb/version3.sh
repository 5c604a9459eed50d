# reports of IGMPv3 and MLDv2
# engine: bridge
# needs: bridge
star 2 mcast_igmp_version 3 mcast_mld_version 2
deliver h1:a+239.1.1.1/v3=exclude h1:a+239.1.1.2/v3=include,10.0.0.7 h2:b+ff15::5/v3=to_ex,fd00::1 h2:b+239.1.1.3/v3=allow,10.0.0.8,10.0.0.9
await has 239.1.1.3 bridge mdb
#: sort
bridge -d mdb show | sed 's,/[0-9.]*,/TIME,g'
deliver h2:b+239.1.1.3/v3=block,10.0.0.8 h1:a+239.1.1.2/v3=to_ex
await has 'p1 grp 239.1.1.2 temp filter_mode exclude' bridge -d mdb
#: sort
bridge -d mdb show | sed 's,/[0-9.]*,/TIME,g'
