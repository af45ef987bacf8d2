"""Wrapping the clients that agents have: their requests carry litany's view, everything else passes through."""
