"""The club in a Discord server: what the chat model says, in Discord's own forms."""
