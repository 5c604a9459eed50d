# a device deleted under its descriptor
tuntool deleted
