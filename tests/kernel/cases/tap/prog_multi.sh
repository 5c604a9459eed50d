# several queues
tuntool multi
