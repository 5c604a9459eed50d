# a descriptor is inherited
tuntool inherit
