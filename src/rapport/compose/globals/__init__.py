"""The global response list: what a company wrote for all its agents to use."""
