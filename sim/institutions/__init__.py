"""Institutions of the county: Mesa agents that decide with finite staff, money and slots."""
