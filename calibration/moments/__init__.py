"""Moments of a survey panel: what is measured, with which error, and what the survey could not say."""
