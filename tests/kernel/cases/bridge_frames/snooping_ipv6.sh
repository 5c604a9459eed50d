# MLD: where a querier is, groups go where they are asked for
# engine: bridge
# needs: bridge
star 4
deliver h2:b+ff15::1 h3:c+ff15::2/v3=exclude h4:d%mld/resp=1
await has p4 bridge -d mdb
await eval '[[ "$(deliver h1:a,ff15::9)" == *": h4" ]]'
deliver h1:a,ff15::1 h1:a,ff15::2 h1:a,ff15::9 h1:a,ff02::1 h1:a,ff02::2 h1:a,239.1.1.1 h1:a+ff15::3 br0:q,ff15::1
#: sort
bridge mdb show
