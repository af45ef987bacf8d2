"""The proxy: any client's requests go through it to their provider, each with the view of its conversation."""
