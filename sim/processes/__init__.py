"""What happens to persons and households: one file a process, small pure rules, draws as arguments."""
