"""What the club does. Knows no platform: an Invocation comes in, a Reply goes out."""
