"""The index of a corpus folder: built, and brought up to date at the cost of what has changed."""
