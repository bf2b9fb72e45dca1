"""Estimation by simulated moments, a posterior by a local emulator, and the checks that belong to both."""
