# commands of one batch see each other's results
printf 'netns add b1\nnetns add b2\nlink add va type veth peer name vb netns b1\nlink show va\n' >batch
ip -batch batch | wc -l
ip -n b1 -j link show vb
printf 'link add vc type veth peer name vd\nlink add vc type veth peer name ve\nlink add vf type veth peer name vg\n' >batch
ip -batch batch
ip -br link show vf
ip -force -batch batch
ip -j link show type veth
