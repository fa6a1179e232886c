"""What goes into a bug report: all that helps, and nothing by which a customer, an office or a person could be known."""
