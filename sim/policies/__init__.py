"""Policies: one file a mechanism. A lever is an entry in data on one of them."""
