"""Adapters: one file for each foreign package, the only place that imports it."""
