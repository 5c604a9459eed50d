# rules go to the kernel
ip rule add from 10.0.0.0/8 table 100 pref 50
ip -j rule
ip rule
ip rule del pref 50
ip rule del pref 51
