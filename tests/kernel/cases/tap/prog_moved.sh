# the descriptor follows a move
tuntool moved
