"""The assistant's turn: asks the bot, and answers from search alone when the bot cannot."""
