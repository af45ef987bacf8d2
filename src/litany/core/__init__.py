"""The pure core: what is decided, never how it is fetched, stored or sent."""
