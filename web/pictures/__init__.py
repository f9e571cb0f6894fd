"""The articles' pictures as browsers get them: by the digest of their content, in widths."""
