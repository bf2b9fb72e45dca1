"""Many runs of the model: the runner and its store, measures, tables, comparison with facts, charts."""
