# an entry by hand for a group or for everyone
# engine: bridge
# needs: bridge
star 3
bridge fdb add 01:00:5e:01:02:03 dev p2 master static
bridge fdb add 09:00:00:00:00:01 dev p2 master static
deliver h1:a,01:00:5e:01:02:03 h1:a,09:00:00:00:00:01 h1:a,239.1.2.3
