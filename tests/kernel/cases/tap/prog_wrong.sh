# names that belong to another kind of device
tuntool wrong
