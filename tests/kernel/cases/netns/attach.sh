# a process's namespace gets a name
unshare -n sleep 60 &
await elsewhere $!
ip netns attach att $!
ip netns list
ip -n att -j link
kill $!
ip -n att -j link
