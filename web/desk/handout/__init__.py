"""Cases handed out to agents instead of fished for: the rule, what rings, what each is good at."""
