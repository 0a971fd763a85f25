"""Who wrote: a person and the addresses that reach them."""
