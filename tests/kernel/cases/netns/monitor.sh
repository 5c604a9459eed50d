# ip netns monitor tells of names
stdbuf -oL ip netns monitor >log &
stir log "ip netns add probe\$i"
ip netns add n1
ip netns del n1
await grep -q 'delete n1' log
grep n1 log
