"""The loop: an agent that is started from a task, keeps to it, and goes on where it was stopped."""
