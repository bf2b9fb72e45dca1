"""Calibration against surveys: the floor above experiments; nothing stands here yet."""
