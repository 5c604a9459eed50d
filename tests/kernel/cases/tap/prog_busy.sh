# a tap in use is busy
tuntool busy
