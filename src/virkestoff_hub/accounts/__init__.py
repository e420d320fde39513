"""People who sign in: roles, permissions, second factor, trail of what was done."""
