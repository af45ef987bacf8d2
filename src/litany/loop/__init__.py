"""The drop-in loop: an agent that is started from a task and keeps to it."""
