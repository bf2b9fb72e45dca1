"""Charts of stored results. One function each returns a figure; nothing here runs the model."""
