# mode source: a long list is shown in Linux's order
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan mode source macaddr set 02:00:00:00:00:00 02:00:00:00:01:25 02:00:00:00:02:4a 02:00:00:00:03:6f 02:00:00:00:04:94 02:00:00:00:05:b9 02:00:00:00:06:de 02:00:00:00:07:03 02:00:00:00:08:28 02:00:00:00:09:4d 02:00:00:00:0a:72 02:00:00:00:0b:97 02:00:00:00:0c:bc 02:00:00:00:0d:e1 02:00:00:00:0e:06 02:00:00:00:0f:2b 02:00:00:00:10:50 02:00:00:00:11:75 02:00:00:00:12:9a 02:00:00:00:13:bf 02:00:00:00:14:e4 02:00:00:00:15:09 02:00:00:00:16:2e 02:00:00:00:17:53 02:00:00:00:18:78 02:00:00:00:19:9d 02:00:00:00:1a:c2 02:00:00:00:1b:e7 02:00:00:00:1c:0c 02:00:00:00:1d:31 02:00:00:00:1e:56 02:00:00:00:1f:7b 02:00:00:00:20:a0 02:00:00:00:21:c5 02:00:00:00:22:ea 02:00:00:00:23:0f 02:00:00:00:24:34 02:00:00:00:25:59 02:00:00:00:26:7e 02:00:00:00:27:a3
#: expect macaddr_count
ip -d -j link show mva | grep -o '"macaddr_count":[0-9]*'
ip -d link show mva
ip link set mva type macvlan macaddr add 00:11:22:33:44:55
ip link set mva type macvlan macaddr add 00:11:22:33:44:56
ip -d link show mva
