"""What a platform says of the bot whose token we have: who it is, and what is switched off."""
