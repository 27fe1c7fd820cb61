"""The command line: what an operator types, one module per noun."""
