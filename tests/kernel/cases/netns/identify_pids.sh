# a process's namespace is identified by name, and a namespace's processes are listed
ip netns add n1
ip netns exec n1 sleep 60 &
await has $! ip netns pids n1
ip netns pids n1 | wc -l
ip netns identify $(ip netns pids n1)
ip netns exec n1 ip netns identify
ip netns identify
kill $(ip netns pids n1)
