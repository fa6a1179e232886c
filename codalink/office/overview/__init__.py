"""Where everybody stands: status, what needs attention first, and what a schedule raises the alarm about."""
