"""The pages of the agents: sign in, queue, ticket."""
