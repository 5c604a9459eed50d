# of two queriers the lower address asks; the higher is not listened to
# needs: bridge
star 3
state() { ip -d -j link show br0 | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["linkinfo"]["info_data"].get("mcast_querier"))'; }
mcast send h1 query,0.0.0.0,src=10.0.0.5,code=10
await has p1 bridge mdb
bridge -d mdb show
mcast send h2 query,0.0.0.0,src=10.0.0.9,code=10
mcast send h3 query,0.0.0.0,src=10.0.0.3,code=10
await has p3 bridge mdb
bridge -d mdb show
bridge mdb show | grep -c p2
