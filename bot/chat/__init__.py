"""The language of a chat: what people do and what the bot says, on no platform in particular."""
