"""Emails to customers: written from templates, kept until they are sent."""
