"""The pages of those who keep the FAQ: lists, drafts, versions, imports, the team."""
