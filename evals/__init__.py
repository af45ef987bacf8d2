"""Experiments on recorded runs and models, each with the command that repeats it."""
