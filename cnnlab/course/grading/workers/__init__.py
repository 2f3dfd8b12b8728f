"""Who runs submissions: a warm process that forks what is confined."""
