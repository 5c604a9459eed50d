# names in TUNSETIFF
tuntool names
