"""Reading mail: the bytes of one message become a `Mail`. Pure: no mailbox, no database, no clock."""
