# taps without privileges: only what one owns
ip tuntap add t1 mode tap user 0
ip tuntap add t2 mode tap
setpriv --bounding-set -all --inh-caps -all ip tuntap add t3 mode tap
setpriv --bounding-set -all --inh-caps -all tuntool denied
setpriv --bounding-set -all --inh-caps -all ip tuntap del t1 mode tap
ip tuntap
