"""Explaining a trace: what each call sent, what it cost, and why, in plain words."""
