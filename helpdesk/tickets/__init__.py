"""What a ticket is and what may be done with it: references, lifecycle, access, actions, queues."""
