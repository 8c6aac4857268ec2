"""One module a feature: a handler reads input, makes one call, renders and replies."""
