"""Backups of a stack into its vault, and the verified half of every restore."""
