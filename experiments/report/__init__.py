"""Reports of stored results: one document, built once, and its writers for Word, Excel and a page."""
