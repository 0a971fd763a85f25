"""The command helpdesk: thin doors to the same verbs as the pages."""
