"""What codalink changed, written down on this computer: a listener that writes, and the reader behind `codalink log`."""
