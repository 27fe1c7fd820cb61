"""Calendar files: written for people, and read where others wrote them."""
