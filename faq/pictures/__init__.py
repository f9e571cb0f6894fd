"""The articles' pictures: their files, what is wrong with them, how they are drawn."""
