"""Calibration against surveys, the floor above experiments: survey files in, panels, moments, estimators."""
