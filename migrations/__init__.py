"""The steps by which a club's database grew, shipped with the program."""
