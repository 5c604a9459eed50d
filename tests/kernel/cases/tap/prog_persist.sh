# a persistent one stays
tuntool persist
ip tuntap
