"""The live page: two policies of one county side by side, stepped through month by month in a browser."""
