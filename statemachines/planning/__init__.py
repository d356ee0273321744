"""Planning: when a document must be where, which councils can make it, and what happens if a vergadering moves."""
