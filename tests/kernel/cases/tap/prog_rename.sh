# the descriptor follows a rename
tuntool rename
