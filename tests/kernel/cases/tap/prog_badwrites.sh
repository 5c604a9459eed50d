# writes that are no frames; the device lives on
# differs: write.while.down a socket takes what the device then drops
# differs: write.\d+: as above
tuntool badwrites
