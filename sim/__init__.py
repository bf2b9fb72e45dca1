"""The model: state, draws, processes, policies, institutions, the month, measures. Knows no place and reads no file."""
