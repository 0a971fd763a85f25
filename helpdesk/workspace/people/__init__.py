"""Pages about persons: who they are to the agent's services, and who has looked."""
