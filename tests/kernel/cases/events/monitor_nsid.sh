# ip monitor nsid tells of ids
ip netns add n1
ip monitor nsid >log 2>/dev/null &
stir log 'ip netns add p$i; ip netns set p$i $((i + 50))'
ip netns set n1 4
await grep -q 'nsid 4' log
grep n1 log
