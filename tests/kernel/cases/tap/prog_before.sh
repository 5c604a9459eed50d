# a descriptor that has no device yet
tuntool before
