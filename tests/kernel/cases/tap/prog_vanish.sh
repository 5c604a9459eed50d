# a device that is not persistent goes with its last descriptor
tuntool vanish
