# carrier with and without a descriptor
tuntool carrier
